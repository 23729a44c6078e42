import type { CompoundEntityRef } from '@backstage/catalog-model';

/** Where owners read what is said of their docs. */
export function feedbackPath(entity: CompoundEntityRef): string {
  return `/docs-feedback/${[entity.namespace, entity.kind, entity.name]
    .map(encodeURIComponent)
    .join('/')}`;
}
