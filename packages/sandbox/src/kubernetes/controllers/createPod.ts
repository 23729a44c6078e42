import type { KubernetesCluster, KubernetesObject } from '../KubernetesCluster';
import { controllerReference } from './ownerReferences';

/**
 * Creates a pod from the template of what controls it.
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
      spec: { enableServiceLinks: true, ...template.spec, ...options.spec },
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
