import type { KubernetesCluster, KubernetesObject } from '../KubernetesCluster';
import { applyLimitRanges } from './limitRanges';
import { controllerReference } from './ownerReferences';
import { LIMIT_RANGE } from './resourceTypes';

const LIFE_TOLERATIONS = ['not-ready', 'unreachable'].map(state => ({
  effect: 'NoExecute',
  key: `node.kubernetes.io/${state}`,
  operator: 'Exists',
  tolerationSeconds: 300,
}));

/**
 * Creates a pod from the template of what controls it, with what the API server's own admission adds.
 *
 * @throws StatusError if it is denied, with the words that the owner's FailedCreate event shows.
 *
 * @internal
 */
export function createPod(
  cluster: KubernetesCluster,
  owner: KubernetesObject,
  options: {
    readonly template: PodTemplate;
    /** A whole name, for pods with an identity; otherwise one is made from the owner's. */
    readonly name?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly spec?: object;
    readonly fieldManager?: string;
  },
): KubernetesObject {
  const { template, name } = options;
  const { namespace } = owner.metadata;
  const annotations = {
    ...template.metadata?.annotations,
    ...options.annotations,
  };
  const spec = {
    ...template.spec,
    ...options.spec,
    serviceAccountName: template.spec.serviceAccountName ?? 'default',
    serviceAccount: template.spec.serviceAccountName ?? 'default',
    tolerations: [...(template.spec.tolerations ?? []), ...LIFE_TOLERATIONS],
    priority: 0,
    preemptionPolicy: 'PreemptLowerPriority',
    enableServiceLinks: template.spec.enableServiceLinks ?? true,
  };
  return cluster.create(
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...(name ? { name } : { generateName: `${owner.metadata.name}-` }),
        namespace,
        labels: { ...template.metadata?.labels, ...options.labels },
        ...(Object.keys(annotations).length > 0 && { annotations }),
        ownerReferences: [controllerReference(owner)],
        ...(template.metadata?.finalizers && {
          finalizers: template.metadata.finalizers,
        }),
      },
      spec: applyLimitRanges(spec, cluster.list(LIMIT_RANGE, { namespace })),
    },
    { fieldManager: options.fieldManager ?? 'kube-controller-manager' },
  );
}

/**
 * The pod template of a workload. Its schema was checked when the workload was stored.
 *
 * @internal
 */
export interface PodTemplate {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
  };
  // A PodSpec, checked when the workload was stored.
  readonly spec: Readonly<Record<string, any>>;
}
