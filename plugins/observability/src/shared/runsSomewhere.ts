import type { Entity } from '@backstage/catalog-model';
import { METRICS_SERVICE_ANNOTATION } from '@waystone/plugin-observability-common';

/** Whether an entity is a service that says that it runs somewhere. */
export function runsSomewhere({ kind, metadata }: Entity) {
  const { annotations = {} } = metadata;
  return (
    kind.toLocaleLowerCase('en-US') === 'component' &&
    [
      'argocd/app-name',
      'argocd/app-selector',
      'backstage.io/kubernetes-id',
      METRICS_SERVICE_ANNOTATION,
    ].some(name => annotations[name])
  );
}
