import type { KubernetesObject } from '@waystone/integrations';
import { REQUEST_LABEL } from '@waystone/plugin-infrastructure-common';
import { z } from 'zod';

/** What is kept in memory of a resource in a cluster. */
export interface SeenResource {
  readonly name: string;
  readonly namespace: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  /** The request that it was made for. */
  readonly requestId?: string;
  readonly owner?: string;
  readonly madeWith?: string;
  readonly isReady: boolean;
  readonly isDeleting: boolean;
  readonly createdAt?: string;
}

const statusSchema = z.looseObject({
  conditions: z
    .array(z.looseObject({ type: z.string(), status: z.string() }))
    .nullish(),
});

/** Keeps little: there may be thousands. */
export function toSeenResource(object: KubernetesObject): SeenResource {
  const { metadata } = object;
  const labels = metadata.labels ?? {};
  const annotations = metadata.annotations ?? {};
  const status = statusSchema.safeParse(object.status).data;
  const madeWith = findMaker(labels, annotations);
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    ...(labels[REQUEST_LABEL] && { requestId: labels[REQUEST_LABEL] }),
    ...(labels.owner && { owner: labels.owner }),
    ...(madeWith && { madeWith }),
    isReady:
      status?.conditions?.some(
        condition => condition.type === 'Ready' && condition.status === 'True',
      ) ?? false,
    isDeleting: Boolean(metadata.deletionTimestamp),
    ...(metadata.creationTimestamp && {
      createdAt: metadata.creationTimestamp,
    }),
  };
}

type Texts = Readonly<Record<string, string>>;

function findMaker(labels: Texts, annotations: Texts): string | undefined {
  if (annotations['argocd.argoproj.io/tracking-id']) {
    return 'Argo CD';
  }
  if (
    labels['kustomize.toolkit.fluxcd.io/name'] ||
    labels['helm.toolkit.fluxcd.io/name']
  ) {
    return 'Flux';
  }
  return (
    labels['app.kubernetes.io/managed-by'] ??
    (annotations['kubectl.kubernetes.io/last-applied-configuration']
      ? 'kubectl'
      : undefined)
  );
}
