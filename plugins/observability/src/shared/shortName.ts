/** The name in a ref, such as `orders` of `group:default/orders`. */
export function shortName(entityRef: string): string {
  return entityRef.slice(entityRef.lastIndexOf('/') + 1);
}
