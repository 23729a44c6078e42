import type { Entity } from '@backstage/catalog-model';

/** Whether an entity says what it runs as. */
export function runsSomewhere({ metadata: { annotations = {} } }: Entity) {
  return [
    'argocd/app-name',
    'argocd/app-selector',
    'backstage.io/kubernetes-id',
    'backstage.io/kubernetes-label-selector',
  ].some(name => annotations[name]);
}
