/** As long as a value may be that a regular expression looks at; what the linter accepts takes no time up to here. */
const MOST_WITH_PATTERN = 500;

/**
 * Finds a value, or the name of one, that is too long for the regular expressions of a template.
 *
 * @param template - whose regular expressions are looked for, in the schemas of its form
 */
export function findLongValue(
  template: unknown,
  values: unknown,
): { readonly name: string; readonly limit: number } | undefined {
  const patterned: Patterned = { names: new Set(), everywhere: false };
  const { spec } = (template ?? {}) as { spec?: Record<string, unknown> };
  collect([spec?.parameters, spec?.secrets], '', patterned);
  const { everywhere, names } = patterned;
  if (!everywhere && names.size === 0) {
    return undefined;
  }
  const name = findLong(values, '', key => everywhere || names.has(key));
  return name === undefined ? undefined : { name, limit: MOST_WITH_PATTERN };
}

interface Patterned {
  /** The properties that have a pattern, themselves or in their items and alternatives. */
  readonly names: Set<string>;
  /** Whether which ones have it does not show in their names. */
  everywhere: boolean;
}

/** Where a pattern need not be below the name of the property. */
const WITHOUT_NAME = new Set([
  '$defs',
  '$ref',
  'additionalProperties',
  'definitions',
  'patternProperties',
  'propertyNames',
]);

function collect(schema: unknown, name: string, patterned: Patterned): void {
  if (typeof schema !== 'object' || schema === null) {
    return;
  }
  for (const [key, part] of Object.entries(schema)) {
    if (key === 'pattern') {
      patterned.names.add(name);
    }
    if (WITHOUT_NAME.has(key) && typeof part !== 'boolean') {
      patterned.everywhere = true;
    }
    if (key === 'properties' && typeof part === 'object' && part !== null) {
      Object.entries(part).forEach(([own, value]) =>
        collect(value, own, patterned),
      );
    } else {
      collect(part, name, patterned);
    }
  }
}

function findLong(
  value: unknown,
  name: string,
  isPatterned: (name: string) => boolean,
): string | undefined {
  if (typeof value === 'string') {
    return isPatterned(name) && value.length > MOST_WITH_PATTERN
      ? name
      : undefined;
  }
  if (Array.isArray(value)) {
    return findFirst(value, item => findLong(item, name, isPatterned));
  }
  if (typeof value === 'object' && value !== null) {
    return findFirst(Object.entries(value), ([key, part]) =>
      key.length > MOST_WITH_PATTERN
        ? `${key.slice(0, 20)}…`
        : findLong(part, key, isPatterned),
    );
  }
  return undefined;
}

function findFirst<T>(
  items: readonly T[],
  find: (item: T) => string | undefined,
): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}
