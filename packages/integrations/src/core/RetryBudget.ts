const RETRIES_PER_CALL = 0.1;
const RETRIES_PER_SECOND = 0.5;
const MOST_RETRIES = 10;

/**
 * Keeps retries at about a tenth of the calls, so that they do not keep a struggling system down. Whoever calls
 * rarely still has a few.
 *
 * @internal
 */
export class RetryBudget {
  #retries = MOST_RETRIES;
  #updatedAt = performance.now();

  noteCall(): void {
    const now = performance.now();
    const seconds = (now - this.#updatedAt) / 1000;
    this.#updatedAt = now;
    this.#retries = Math.min(
      MOST_RETRIES,
      this.#retries + RETRIES_PER_CALL + seconds * RETRIES_PER_SECOND,
    );
  }

  /** Whether one more retry is within the budget; it then counts. */
  take(): boolean {
    if (this.#retries < 1) {
      return false;
    }
    this.#retries -= 1;
    return true;
  }
}
