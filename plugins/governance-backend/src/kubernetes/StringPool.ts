/** How many strings are remembered; beyond it begins anew. */
const MOST = 100_000;

/**
 * Keeps one copy of each string. Reports repeat the same titles and messages for every workload, and each answer of a
 * cluster brings its own copies.
 */
export class StringPool {
  readonly #strings = new Map<string, string>();

  get(text: string): string {
    const known = this.#strings.get(text);
    if (known !== undefined) {
      return known;
    }
    if (this.#strings.size >= MOST) {
      this.#strings.clear();
    }
    this.#strings.set(text, text);
    return text;
  }
}
