import type { KubernetesObject } from '@waystone/integrations';
import { z } from 'zod';

/** The label by which a workload says whose it is. */
export const KUBERNETES_ID = 'backstage.io/kubernetes-id';

const OWNER = /^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$/i;

const replicasSchema = z.object({
  spec: z.object({ replicas: z.number().optional() }).nullish(),
});

/** What is kept of a workload: whose it is. */
export interface ObservedWorkload {
  readonly kubernetesId?: string;
  /** The team of the label `owner`. */
  readonly team?: string;
  readonly controller?: { readonly kind: string; readonly name: string };
  /** Whether it runs nothing, as an old ReplicaSet. */
  readonly idle: boolean;
}

/** Reads whose a workload or a pod is. Metadata is enough, but for whether it is idle. */
export function readWorkload(object: KubernetesObject): ObservedWorkload {
  const { labels, ownerReferences } = object.metadata;
  const controller = ownerReferences?.find(owner => owner.controller);
  const team = labels?.owner;
  const replicas = replicasSchema.safeParse(object).data?.spec?.replicas;
  return {
    kubernetesId: labels?.[KUBERNETES_ID],
    // Anything may be in a label; only what can be a team's name is taken for one.
    ...(team && OWNER.test(team) && { team }),
    ...(controller && {
      controller: { kind: controller.kind, name: controller.name },
    }),
    idle: replicas === 0,
  };
}
