import { CustomErrorBase } from '@backstage/errors';

/**
 * What kind of failure it is, whatever the system.
 *
 * @public
 */
export type UpstreamErrorCode =
  | 'unreachable'
  | 'timeout'
  | 'cancelled'
  | 'unauthenticated'
  | 'denied'
  | 'not-found'
  | 'conflict'
  /** A cursor or a version that the system no longer has: start again. */
  | 'expired'
  | 'invalid'
  | 'throttled'
  | 'unavailable'
  | 'breaker-open'
  | 'overloaded'
  | 'too-large'
  | 'unexpected-answer'
  | 'failed';

/** @public */
export interface UpstreamErrorOptions {
  readonly system: string;
  readonly instance: string;
  readonly operation: string;
  readonly code: UpstreamErrorCode;
  /** What the system said, or what happened, without credentials. */
  readonly reason: string;
  /** What the reader can do about it, as a sentence. */
  readonly advice?: string;
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  /** The system's own error body, parsed, for clients that read more of it. */
  readonly details?: unknown;
  readonly cause?: unknown;
}

/**
 * A call to an upstream system that failed.
 *
 * @public
 */
export class UpstreamError extends CustomErrorBase {
  name = 'UpstreamError' as const;
  readonly system: string;
  readonly instance: string;
  readonly operation: string;
  readonly code: UpstreamErrorCode;
  readonly reason: string;
  readonly advice?: string;
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  readonly details?: unknown;

  constructor(options: UpstreamErrorOptions) {
    const { system, instance, operation, reason, advice } = options;
    super(
      `${system} (${instance}) failed to ${operation.replaceAll(
        '-',
        ' ',
      )}: ${reason}${advice ? `. ${advice}` : ''}`,
    );
    // Not in the message: it names hosts and ports, and a reason says the same in words.
    Object.defineProperty(this, 'cause', {
      value: options.cause,
      enumerable: false,
    });
    this.system = system;
    this.instance = instance;
    this.operation = operation;
    this.code = options.code;
    this.reason = reason;
    this.advice = advice;
    this.status = options.status;
    this.retryAfterSeconds = options.retryAfterSeconds;
    // Not in what is logged or sent on: a body may say more than it should.
    Object.defineProperty(this, 'details', {
      value: options.details,
      enumerable: false,
    });
  }

  /** Whether the same call may succeed later. */
  get retryable(): boolean {
    return (
      this.code === 'unreachable' ||
      this.code === 'timeout' ||
      this.code === 'throttled' ||
      this.code === 'unavailable' ||
      this.code === 'breaker-open' ||
      this.code === 'overloaded'
    );
  }
}
