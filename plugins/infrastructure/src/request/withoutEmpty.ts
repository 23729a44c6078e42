/** The parameters that were set: forms leave empty objects and undefined fields where nothing was typed. */
export function withoutEmpty(
  value: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) => {
      if (item === undefined || item === '') {
        return [];
      }
      if (typeof item !== 'object' || item === null || Array.isArray(item)) {
        return [[name, item]];
      }
      const inner = withoutEmpty(item as Record<string, unknown>);
      return Object.keys(inner).length > 0 ? [[name, inner]] : [];
    }),
  );
}
