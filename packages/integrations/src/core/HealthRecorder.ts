import type { UpstreamError } from './UpstreamError';
import type { UpstreamHealth } from './UpstreamHealth';

const LATENCIES = 64;

/**
 * Remembers how the calls of one instance went.
 *
 * @internal
 */
export class HealthRecorder {
  readonly #latencies: number[] = [];
  #reachable?: boolean;
  #authenticated?: boolean;
  #lastSuccessAt?: Date;
  #lastError?: UpstreamHealth['lastError'];

  success(durationMs: number): void {
    this.#answered(durationMs);
    this.#authenticated = true;
    this.#lastSuccessAt = new Date();
  }

  failure(error: UpstreamError, durationMs: number): void {
    switch (error.code) {
      case 'cancelled':
      case 'breaker-open':
      case 'overloaded':
        // Says nothing about the system.
        return;
      case 'unreachable':
      case 'timeout':
        this.#reachable = false;
        break;
      case 'unauthenticated':
        this.#authenticated = false;
        break;
      case 'throttled':
        if (error.status === undefined) {
          // Not even asked.
          return;
        }
        break;
      case 'not-found':
      case 'conflict':
      case 'expired':
      case 'invalid':
        // The system works as it should.
        this.success(durationMs);
        return;
      default:
    }
    if (error.status !== undefined) {
      this.#answered(durationMs);
    }
    this.#lastError = {
      at: new Date().toISOString(),
      operation: error.operation,
      message: error.message,
    };
  }

  get(): Pick<
    UpstreamHealth,
    'reachable' | 'authenticated' | 'latencyMs' | 'lastSuccessAt' | 'lastError'
  > {
    return {
      reachable: this.#reachable,
      authenticated: this.#authenticated,
      latencyMs: median(this.#latencies),
      lastSuccessAt: this.#lastSuccessAt?.toISOString(),
      lastError: this.#lastError,
    };
  }

  #answered(durationMs: number) {
    this.#reachable = true;
    this.#latencies.push(durationMs);
    if (this.#latencies.length > LATENCIES) {
      this.#latencies.shift();
    }
  }
}

function median(numbers: readonly number[]): number | undefined {
  if (numbers.length === 0) {
    return undefined;
  }
  const sorted = numbers.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.floor(sorted.length / 2)] * 10) / 10;
}
