/**
 * The parameters that were set: forms leave empty lists, empty objects and undefined fields where nothing was typed. An
 * entry of a list where nothing was typed stays, as null, so that what is said of the others is said of the right ones.
 */
export function withoutEmpty(
  value: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) => {
      const kept = clean(item);
      return kept === undefined ? [] : [[name, kept]];
    }),
  );
}

function clean(item: unknown): unknown {
  if (item === undefined || item === null || item === '') {
    return undefined;
  }
  if (Array.isArray(item)) {
    return item.length > 0 ? item.map(cleanEntry) : undefined;
  }
  if (typeof item !== 'object') {
    return item;
  }
  const inner = withoutEmpty(item as Record<string, unknown>);
  return Object.keys(inner).length > 0 ? inner : undefined;
}

function cleanEntry(entry: unknown): unknown {
  // What an entry lacks is said at its fields.
  return typeof entry === 'object' && entry !== null && !Array.isArray(entry)
    ? withoutEmpty(entry as Record<string, unknown>)
    : clean(entry) ?? null;
}
