import { parseQuantity } from '../../kubernetes/controllers/quantities';

/** What of a pod the rules look at. @internal */
export interface ReviewedPod {
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly hostNetwork?: boolean;
  readonly volumes?: readonly { readonly hostPath?: unknown }[];
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly readinessProbe?: unknown;
  readonly livenessProbe?: unknown;
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
  readonly securityContext?: Readonly<Record<string, unknown>>;
}

/**
 * A rule of one of the ClusterPolicies of `platform/policies/kyverno` with the same name.
 *
 * @internal
 */
export interface KyvernoRule {
  readonly policy: string;
  readonly rule: string;
  readonly category: string;
  readonly severity: 'critical' | 'high' | 'medium' | 'low';
  /** Whether the policy leaves jobs out. */
  readonly exceptJobs?: boolean;
  /** What the policy says to whom it refuses. */
  readonly message: string;
  /** The path below the pod's spec of the first thing that breaks the rule; undefined if nothing does. */
  readonly check: (pod: ReviewedPod) => string | undefined;
}

const BEST_PRACTICES = 'Best Practices';
const BASELINE = 'Pod Security Standards (Baseline)';
const RESTRICTED = 'Pod Security Standards (Restricted)';

function everyContainer(
  field: string,
  holds: (container: Container, pod: ReviewedPod) => unknown,
): KyvernoRule['check'] {
  return pod => {
    const index = pod.containers.findIndex(container => !holds(container, pod));
    return index < 0 ? undefined : `containers/${index}/${field}`;
  };
}

/** The rules that Kyverno reports on. @internal */
export const KYVERNO_RULES: readonly KyvernoRule[] = [
  {
    policy: 'disallow-latest-tag',
    rule: 'require-image-tag',
    category: BEST_PRACTICES,
    severity: 'medium',
    message: 'An image tag is required.',
    check: everyContainer('image/', ({ image }) =>
      image.slice(image.lastIndexOf('/') + 1).includes(':'),
    ),
  },
  {
    policy: 'disallow-latest-tag',
    rule: 'validate-image-tag',
    category: BEST_PRACTICES,
    severity: 'medium',
    message: "Using a mutable image tag e.g. 'latest' is not allowed.",
    check: everyContainer('image/', ({ image }) => !image.endsWith(':latest')),
  },
  {
    policy: 'require-pod-probes',
    rule: 'validate-probes',
    exceptJobs: true,
    category: BEST_PRACTICES,
    severity: 'medium',
    message:
      'Liveness, readiness, or startup probes are required for all containers.',
    check: everyContainer(
      '',
      ({ readinessProbe, livenessProbe }) => readinessProbe ?? livenessProbe,
    ),
  },
  {
    policy: 'require-requests-limits',
    rule: 'validate-resources',
    category: BEST_PRACTICES,
    severity: 'medium',
    message: 'CPU and memory resource requests and memory limits are required.',
    check: everyContainer(
      'resources/limits/',
      ({ resources }) =>
        parseQuantity(resources?.requests?.cpu) > 0 &&
        parseQuantity(resources?.requests?.memory) > 0 &&
        parseQuantity(resources?.limits?.memory) > 0,
    ),
  },
  {
    policy: 'restrict-image-registries',
    rule: 'validate-registries',
    category: BEST_PRACTICES,
    severity: 'high',
    message: 'Unknown image registry.',
    check: everyContainer('image/', ({ image }) =>
      image.startsWith('registry.fernway.example/'),
    ),
  },
  {
    policy: 'disallow-host-namespaces',
    rule: 'host-namespaces',
    category: BASELINE,
    severity: 'high',
    message:
      'Sharing the host namespaces is disallowed. The fields spec.hostNetwork, spec.hostIPC, and spec.hostPID must be unset or set to `false`.',
    check: ({ hostIPC, hostNetwork, hostPID }) =>
      [
        hostIPC && 'hostIPC/',
        hostNetwork && 'hostNetwork/',
        hostPID && 'hostPID/',
      ].find(path => typeof path === 'string'),
  },
  {
    policy: 'disallow-host-path',
    rule: 'host-path',
    category: BASELINE,
    severity: 'high',
    message:
      'HostPath volumes are forbidden. The field spec.volumes[*].hostPath must be unset.',
    check: ({ volumes = [] }) => {
      const index = volumes.findIndex(({ hostPath }) => hostPath);
      return index < 0 ? undefined : `volumes/${index}/hostPath/`;
    },
  },
  {
    policy: 'disallow-privileged-containers',
    rule: 'privileged-containers',
    category: BASELINE,
    severity: 'critical',
    message:
      'Privileged mode is disallowed. The fields spec.containers[*].securityContext.privileged must be unset or set to `false`.',
    check: everyContainer(
      'securityContext/privileged/',
      ({ securityContext }) => !securityContext?.privileged,
    ),
  },
  {
    policy: 'disallow-privilege-escalation',
    rule: 'privilege-escalation',
    category: RESTRICTED,
    severity: 'medium',
    message:
      'Privilege escalation is disallowed. The fields spec.containers[*].securityContext.allowPrivilegeEscalation must be set to `false`.',
    check: everyContainer(
      'securityContext/allowPrivilegeEscalation/',
      ({ securityContext }) =>
        securityContext?.allowPrivilegeEscalation === false,
    ),
  },
  {
    policy: 'require-run-as-nonroot',
    rule: 'run-as-non-root',
    category: RESTRICTED,
    severity: 'medium',
    message:
      'Running as root is not allowed. Either the field spec.securityContext.runAsNonRoot must be set to `true`, or the fields spec.containers[*].securityContext.runAsNonRoot must be set to `true`.',
    check: everyContainer(
      'securityContext/runAsNonRoot/',
      ({ securityContext }, pod) =>
        securityContext?.runAsNonRoot ?? pod.securityContext?.runAsNonRoot,
    ),
  },
];
