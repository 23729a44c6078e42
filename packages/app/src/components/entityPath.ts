import type { CompoundEntityRef } from '@backstage/catalog-model';

/** The path of an entity's page: `user:default/maya.okafor` → `/catalog/default/user/maya.okafor`. */
export function entityPath(ref: CompoundEntityRef): string {
  return `/catalog/${[ref.namespace, ref.kind.toLowerCase(), ref.name]
    .map(encodeURIComponent)
    .join('/')}`;
}
