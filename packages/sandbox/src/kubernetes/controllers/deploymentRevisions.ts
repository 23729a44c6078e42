import type { KubernetesCluster, KubernetesObject } from '../KubernetesCluster';
import { canonical, templateHash } from './templateHash';
import { controllerReference } from './ownerReferences';

export const REVISION = 'deployment.kubernetes.io/revision';
const REVISION_HISTORY = 'deployment.kubernetes.io/revision-history';
const DESIRED_REPLICAS = 'deployment.kubernetes.io/desired-replicas';
const MAX_REPLICAS = 'deployment.kubernetes.io/max-replicas';

/** Annotations of the Deployment that its ReplicaSets do not get. */
const NOT_COPIED = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  REVISION_HISTORY,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  'deprecated.deployment.rollback.to',
]);

/** The ReplicaSet of the Deployment's present template. @internal */
export function findNewReplicaSet(
  deployment: KubernetesObject,
  replicaSets: readonly KubernetesObject[],
): KubernetesObject | undefined {
  const wanted = canonical(withoutHash(deployment.spec.template));
  return replicaSets.find(
    replicaSet => canonical(withoutHash(replicaSet.spec.template)) === wanted,
  );
}

/** The number of a ReplicaSet's revision; 0 before it has one. */
export function revisionOf(replicaSet: KubernetesObject): number {
  return Number(replicaSet.metadata.annotations?.[REVISION] ?? 0);
}

/** The annotations of the ReplicaSet of a revision, after those it has. */
export function revisionAnnotations(
  deployment: KubernetesObject,
  replicaSet: KubernetesObject | undefined,
  options: { revision: number; desired: number; most: number },
): Record<string, string> {
  const current = replicaSet?.metadata.annotations ?? {};
  const previous = current[REVISION];
  const history = current[REVISION_HISTORY];
  return {
    ...current,
    ...Object.fromEntries(
      Object.entries(deployment.metadata.annotations ?? {}).filter(
        ([name]) => !NOT_COPIED.has(name),
      ),
    ),
    [REVISION]: String(options.revision),
    [DESIRED_REPLICAS]: String(options.desired),
    [MAX_REPLICAS]: String(options.most),
    ...(previous !== undefined &&
      previous !== String(options.revision) && {
        [REVISION_HISTORY]: history ? `${history},${previous}` : previous,
      }),
  };
}

/** Creates the ReplicaSet of the Deployment's present template. */
export function createReplicaSet(
  cluster: KubernetesCluster,
  deployment: KubernetesObject,
  options: {
    replicas: number;
    annotations: Record<string, string>;
    hashLabel?: string;
    fieldManager?: string;
  },
): KubernetesObject {
  const { template, selector, minReadySeconds } = deployment.spec;
  const hashLabel = options.hashLabel ?? 'pod-template-hash';
  const hash = templateHash(
    template,
    deployment.status?.collisionCount as number | undefined,
  );
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  return cluster.create(
    {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${deployment.metadata.name}-${hash}`,
        namespace: deployment.metadata.namespace,
        labels,
        annotations: options.annotations,
        ownerReferences: [controllerReference(deployment)],
      },
      spec: {
        replicas: options.replicas,
        ...(minReadySeconds && { minReadySeconds }),
        selector: {
          ...selector,
          matchLabels: { ...selector.matchLabels, [hashLabel]: hash },
        },
        template: { ...template, metadata: { ...template.metadata, labels } },
      },
    },
    { fieldManager: options.fieldManager ?? 'kube-controller-manager' },
  );
}

/** A template without what a controller has added to it. */
export function withoutHash(template: {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
}): object {
  const {
    'pod-template-hash': hash,
    'rollouts-pod-template-hash': rolloutHash,
    ...labels
  } = template.metadata?.labels ?? {};
  const { creationTimestamp, ...metadata } = (template.metadata ??
    {}) as Record<string, unknown>;
  return { ...template, metadata: { ...metadata, labels } };
}
