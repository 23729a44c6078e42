/** What of a pod template the checks look at. @internal */
export interface CheckedPod {
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly securityContext?: SecurityContext;
  readonly volumes?: readonly { readonly hostPath?: unknown }[];
  readonly containers: readonly CheckedContainer[];
}

interface SecurityContext {
  readonly privileged?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly readOnlyRootFilesystem?: boolean;
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  readonly seccompProfile?: unknown;
  readonly capabilities?: { readonly drop?: readonly string[] };
}

interface CheckedContainer {
  readonly name: string;
  readonly image: string;
  readonly securityContext?: SecurityContext;
  readonly resources?: {
    readonly requests?: Readonly<Record<string, unknown>>;
    readonly limits?: Readonly<Record<string, unknown>>;
  };
}

/**
 * One of Trivy's checks of workloads.
 *
 * @internal
 */
export interface ConfigurationCheck {
  readonly id: string;
  readonly title: string;
  readonly severity: 'CRITICAL' | 'HIGH' | 'MEDIUM' | 'LOW';
  readonly description: string;
  readonly remediation: string;
  readonly holds: (container: CheckedContainer, pod: CheckedPod) => unknown;
  /** What is said of a container that does not hold. */
  readonly should: string;
}

/** Checks of Trivy's Kubernetes bundle, by their ids there. @internal */
export const CONFIGURATION_CHECKS: readonly ConfigurationCheck[] = [
  {
    id: 'KSV001',
    title: 'Can elevate its own privileges',
    severity: 'MEDIUM',
    description:
      'A program inside the container can elevate its own privileges and run as root, which might give the program control over the container and node.',
    remediation:
      "Set 'set containers[].securityContext.allowPrivilegeEscalation' to 'false'.",
    holds: ({ securityContext }) =>
      securityContext?.allowPrivilegeEscalation === false,
    should: "set 'securityContext.allowPrivilegeEscalation' to false",
  },
  {
    id: 'KSV003',
    title: 'Default capabilities: some containers do not drop all',
    severity: 'LOW',
    description:
      'The container should drop all default capabilities and add only those that are needed for its execution.',
    remediation: "Add 'ALL' to containers[].securityContext.capabilities.drop.",
    holds: ({ securityContext }) =>
      securityContext?.capabilities?.drop?.includes('ALL'),
    should: "add 'ALL' to 'securityContext.capabilities.drop'",
  },
  {
    id: 'KSV011',
    title: 'CPU not limited',
    severity: 'LOW',
    description: 'Enforcing CPU limits prevents DoS via resource exhaustion.',
    remediation: "Set a limit value under 'containers[].resources.limits.cpu'.",
    holds: ({ resources }) => resources?.limits?.cpu,
    should: "set 'resources.limits.cpu'",
  },
  {
    id: 'KSV012',
    title: 'Runs as root user',
    severity: 'MEDIUM',
    description:
      'Force the running image to run as a non-root user to ensure least privileges.',
    remediation: "Set 'containers[].securityContext.runAsNonRoot' to true.",
    holds: ({ securityContext }, pod) =>
      securityContext?.runAsNonRoot ?? pod.securityContext?.runAsNonRoot,
    should: "set 'securityContext.runAsNonRoot' to true",
  },
  {
    id: 'KSV013',
    title: 'Image tag ":latest" used',
    severity: 'MEDIUM',
    description:
      'It is best to avoid using the :latest image tag when deploying containers in production. Doing so makes it hard to track which version of the image is running, and hard to roll back the version.',
    remediation: "Use a specific container image tag that is not 'latest'.",
    holds: ({ image }) =>
      image.slice(image.lastIndexOf('/') + 1).includes(':') &&
      !image.endsWith(':latest'),
    should: 'specify an image tag',
  },
  {
    id: 'KSV014',
    title: 'Root file system is not read-only',
    severity: 'HIGH',
    description:
      'An immutable root file system prevents applications from writing to their local disk.',
    remediation:
      "Change 'containers[].securityContext.readOnlyRootFilesystem' to 'true'.",
    holds: ({ securityContext }) => securityContext?.readOnlyRootFilesystem,
    should: "set 'securityContext.readOnlyRootFilesystem' to true",
  },
  {
    id: 'KSV015',
    title: 'CPU requests not specified',
    severity: 'LOW',
    description:
      'When containers have resource requests specified, the scheduler can make better decisions about which nodes to place pods on, and how to deal with resource contention.',
    remediation: "Set 'containers[].resources.requests.cpu'.",
    holds: ({ resources }) => resources?.requests?.cpu,
    should: "set 'resources.requests.cpu'",
  },
  {
    id: 'KSV016',
    title: 'Memory requests not specified',
    severity: 'LOW',
    description:
      'When containers have memory requests specified, the scheduler can make better decisions about which nodes to place pods on, and how to deal with resource contention.',
    remediation: "Set 'containers[].resources.requests.memory'.",
    holds: ({ resources }) => resources?.requests?.memory,
    should: "set 'resources.requests.memory'",
  },
  {
    id: 'KSV017',
    title: 'Privileged',
    severity: 'HIGH',
    description:
      'Privileged containers share namespaces with the host system and do not offer any security. They should be used exclusively for system containers that require high privileges.',
    remediation: "Change 'containers[].securityContext.privileged' to 'false'.",
    holds: ({ securityContext }) => !securityContext?.privileged,
    should: "set 'securityContext.privileged' to false",
  },
  {
    id: 'KSV018',
    title: 'Memory not limited',
    severity: 'LOW',
    description:
      'Enforcing memory limits prevents DoS via resource exhaustion.',
    remediation:
      "Set a limit value under 'containers[].resources.limits.memory'.",
    holds: ({ resources }) => resources?.limits?.memory,
    should: "set 'resources.limits.memory'",
  },
  {
    id: 'KSV020',
    title: 'Runs with UID <= 10000',
    severity: 'LOW',
    description:
      'Force the container to run with user ID > 10000 to avoid conflicts with the host’s user table.',
    remediation:
      "Set 'containers[].securityContext.runAsUser' to an integer > 10000.",
    holds: ({ securityContext }, pod) =>
      (securityContext?.runAsUser ?? pod.securityContext?.runAsUser ?? 0) >
      10_000,
    should: "set 'securityContext.runAsUser' > 10000",
  },
  {
    id: 'KSV023',
    title: 'hostPath volumes mounted',
    severity: 'MEDIUM',
    description: 'HostPath volumes must be forbidden.',
    remediation: "Do not set 'spec.volumes[*].hostPath'.",
    holds: (_container, pod) => !pod.volumes?.some(({ hostPath }) => hostPath),
    should: "not set 'spec.template.volumes.hostPath'",
  },
  {
    id: 'KSV030',
    title: 'Runtime/Default Seccomp profile not set',
    severity: 'LOW',
    description:
      'According to pod security standard "Seccomp", the RuntimeDefault seccomp profile must be required, or allow specific additional profiles.',
    remediation:
      "Set 'spec.securityContext.seccompProfile.type', 'spec.containers[*].securityContext.seccompProfile' and 'spec.initContainers[*].securityContext.seccompProfile' to 'RuntimeDefault' or undefined.",
    holds: ({ securityContext }, pod) =>
      securityContext?.seccompProfile ?? pod.securityContext?.seccompProfile,
    should: "set 'securityContext.seccompProfile.type' to 'RuntimeDefault'",
  },
];
