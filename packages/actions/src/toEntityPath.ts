import { parseEntityRef } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';

/** As the catalog has them; a part such as '..' would lead to another route. */
const PART = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/i;

/**
 * The parts of an entity ref as a path, encoded.
 *
 * @param order - as the route has them
 *
 * @throws InputError if it is no entity ref.
 */
export function toEntityPath(
  entityRef: string,
  order: readonly ('kind' | 'name' | 'namespace')[],
): string {
  const parts = readParts(entityRef);
  if (!parts || !Object.values(parts).every(part => PART.test(part))) {
    throw new InputError(
      `'${entityRef.slice(
        0,
        100,
      )}' is no entity ref, such as 'component:default/name'`,
    );
  }
  return order
    .map(
      part => `/${encodeURIComponent(parts[part].toLocaleLowerCase('en-US'))}`,
    )
    .join('');
}

function readParts(entityRef: string) {
  try {
    return parseEntityRef(entityRef, { defaultKind: 'component' });
  } catch {
    // Told in words of ours.
    return undefined;
  }
}
