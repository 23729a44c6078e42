/**
 * Makes a path of the API from parts that may have slashes of their own, as mounts and secrets have.
 *
 * @throws TypeError for a part that would lead elsewhere, or that Vault does not take.
 *
 * @internal
 */
export function vaultPath(...parts: readonly string[]): string {
  const segments = parts.flatMap(part => part.split('/'));
  for (const segment of segments) {
    // Vault answers 404 to a segment that ends in a dot.
    if (segment === '' || segment.endsWith('.')) {
      throw new TypeError(
        `Cannot make a path of Vault: '${segment}' cannot be a part of it`,
      );
    }
  }
  return `/v1/${segments.map(encodeURIComponent).join('/')}`;
}
