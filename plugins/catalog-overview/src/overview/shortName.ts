/** The name in an entity ref. */
export function shortName(entityRef: string): string {
  return entityRef.slice(entityRef.lastIndexOf('/') + 1);
}
