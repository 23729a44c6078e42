const LIFETIME_MS = 3_600_000;
const CAPACITY = 50_000;

/**
 * Hashes of credentials that were accepted in the last hour.
 *
 * It decides which rate limit applies and nothing else.
 *
 * @internal
 */
export class KnownCredentials {
  readonly #expiry = new Map<string, number>();

  has(hash: string): boolean {
    return (this.#expiry.get(hash) ?? 0) > Date.now();
  }

  add(hash: string): void {
    // A map keeps the order of insertion, so the first is the oldest.
    this.#expiry.delete(hash);
    this.#expiry.set(hash, Date.now() + LIFETIME_MS);
    if (this.#expiry.size > CAPACITY) {
      const [oldest] = this.#expiry.keys();
      this.#expiry.delete(oldest);
    }
  }

  delete(hash: string): void {
    this.#expiry.delete(hash);
  }
}
