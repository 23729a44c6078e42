import type { KubernetesObject } from '@waystone/integrations';
import { z } from 'zod';

/** What is kept of something that runs in a cluster. */
export interface Workload {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The Argo CD Application that made it. */
  readonly application?: string;
  readonly image?: string;
  readonly since?: string;
}

/** The label by which the catalog finds what belongs to an entity. */
export const KUBERNETES_ID = 'backstage.io/kubernetes-id';
const NAME_LABEL = 'app.kubernetes.io/name';
const TRACKING = 'argocd.argoproj.io/tracking-id';

const podsSchema = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({
        containers: z.array(z.object({ image: z.string().optional() })),
      }),
    }),
  }),
});

/**
 * Reads a workload.
 *
 * @param kind - which the objects of a list do not repeat
 * @returns Undefined for what belongs to another object of the cluster.
 */
export function toWorkload(
  kind: string,
  object: KubernetesObject,
): Workload | undefined {
  const { creationTimestamp, name, namespace, ownerReferences } =
    object.metadata;
  const labels = object.metadata.labels ?? {};
  if (!namespace || (ownerReferences ?? []).length > 0) {
    return undefined;
  }
  const pods = podsSchema.safeParse(object);
  return {
    kind,
    name,
    namespace,
    labels,
    application:
      object.metadata.annotations?.[TRACKING]?.split(':', 1)[0] ||
      labels['app.kubernetes.io/instance'],
    image: pods.data?.spec.template.spec.containers[0]?.image,
    since: creationTimestamp ?? undefined,
  };
}

/** What people call it: several workloads of one name are one service in several environments. */
export function serviceNameOf({ labels, name }: Workload): string {
  return labels[KUBERNETES_ID] ?? labels[NAME_LABEL] ?? name;
}

/** Whether a label selector, as an annotation has it, fits. Only equality, as the catalog's plugins document it. */
export function matchesSelector(workload: Workload, selector: string): boolean {
  const parts = selector.split(',').map(part => part.trim());
  return (
    parts.length > 0 &&
    parts.every(part => {
      const [key, value] = part.split(/==?/, 2).map(text => text.trim());
      return (
        key !== '' && value !== undefined && workload.labels[key] === value
      );
    })
  );
}
