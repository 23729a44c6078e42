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

const STATUS_CODES: Readonly<Record<UpstreamErrorCode, number>> = {
  unreachable: 503,
  timeout: 504,
  cancelled: 503,
  unauthenticated: 502,
  denied: 403,
  'not-found': 404,
  conflict: 409,
  expired: 410,
  invalid: 400,
  throttled: 503,
  unavailable: 503,
  'breaker-open': 503,
  overloaded: 503,
  'too-large': 502,
  'unexpected-answer': 502,
  failed: 502,
};

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
  /** The HTTP status of the system's answer. */
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

  /**
   * What the portal's own API answers where nobody catches it. Not `status`, which Backstage would otherwise take: a
   * 401 of the system is about the portal's credentials, and would sign the user out.
   */
  get statusCode(): number {
    return STATUS_CODES[this.code];
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
