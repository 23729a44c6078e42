const JSON_COLUMNS: ReadonlySet<string> = new Set([
  'parameters',
  'pending',
  'approvers',
  'draft',
]);

/** Values as they are written: the driver takes arrays for arrays of PostgreSQL, and these are JSON. */
export function toColumns(values: object): object {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      JSON_COLUMNS.has(name) && value !== null ? JSON.stringify(value) : value,
    ]),
  );
}
