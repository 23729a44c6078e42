import type { JsonValue } from '@backstage/types';

/** As catalog refs are, with kind and namespace. */
const REF =
  /^(?:component|api|resource|system|domain|group|user|template|location):[a-z0-9][a-z0-9._-]{0,62}\/[a-z0-9][a-z0-9._-]{0,62}$/;

/** An event about more than these is about none of them in particular. */
const MOST = 20;

/**
 * The entities that the details of an event name: whole values, at any depth.
 *
 * @returns Lower-cased refs, each once.
 *
 * @public
 */
export function findEntityRefs(meta: JsonValue | undefined): string[] {
  const found = new Set<string>();
  const look = (value: JsonValue | undefined) => {
    if (typeof value === 'string') {
      const ref = value.toLocaleLowerCase('en-US');
      if (REF.test(ref)) {
        found.add(ref);
      }
    } else if (typeof value === 'object' && value !== null) {
      Object.values(value).forEach(look);
    }
  };
  look(meta);
  return found.size > MOST ? [] : [...found];
}
