/**
 * What is known of one instance of an upstream system.
 *
 * @public
 */
export interface UpstreamHealth {
  readonly system: string;
  readonly instance: string;
  readonly baseUrl: string;
  /** `closed`: calls go through. `open`: they fail at once. `half-open`: one is tried. */
  readonly breaker: 'closed' | 'open' | 'half-open';
  /** Undefined before the first call. */
  readonly reachable?: boolean;
  /** Undefined before the first answer. */
  readonly authenticated?: boolean;
  /** The median of the last calls, in milliseconds. */
  readonly latencyMs?: number;
  readonly lastSuccessAt?: string;
  readonly lastError?: {
    readonly at: string;
    readonly operation: string;
    readonly message: string;
  };
  readonly inFlight: number;
  readonly queued: number;
  /** Answers without end that are being read, such as watches. */
  readonly streams: number;
  /** Calls are held back until then, because the system asked for it (429 with `Retry-After`). */
  readonly throttledUntil?: string;
}
