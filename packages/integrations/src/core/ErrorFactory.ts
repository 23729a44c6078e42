import { CallRefusedError } from './CallGuard';
import type { Deadline } from './Deadline';
import { adviceFor } from './explainAnswer';
import { explainFailure } from './explainFailure';
import type { Redactor } from './Redactor';
import { seconds } from './requestParts';
import { UpstreamError } from './UpstreamError';
import type { UpstreamErrorOptions } from './UpstreamError';
import type { UpstreamRequest } from './UpstreamHttp';

const REFUSALS = {
  'breaker-open': 'it has failed too often and is left alone for a while',
  overloaded: 'too many calls to it are under way',
  throttled: 'it asked for a pause',
};

/**
 * Makes the errors of one instance, without secrets.
 *
 * @internal
 */
export class ErrorFactory {
  readonly #options: {
    readonly system: string;
    readonly instance: string;
    readonly redactor: Redactor;
  };

  constructor(options: {
    readonly system: string;
    readonly instance: string;
    readonly redactor: Redactor;
  }) {
    this.#options = options;
  }

  /** What a failed call throws, whatever it was. */
  from(
    request: UpstreamRequest,
    error: unknown,
    deadline?: Deadline,
  ): UpstreamError {
    if (error instanceof UpstreamError) {
      return error;
    }
    if (error instanceof CallRefusedError) {
      return this.create(request, {
        code: error.code,
        reason: REFUSALS[error.code],
        advice: error.retryAfterSeconds
          ? `Try again in ${seconds(error.retryAfterSeconds * 1000)}`
          : 'Try again later',
        retryAfterSeconds: error.retryAfterSeconds,
      });
    }
    if (deadline?.timedOut) {
      return this.create(request, {
        code: 'timeout',
        reason: `it took longer than ${seconds(deadline.timeoutMs)}`,
      });
    }
    if (request.signal?.aborted) {
      return this.create(request, {
        code: 'cancelled',
        reason: 'the caller no longer waits',
      });
    }
    return this.create(request, { ...explainFailure(error), cause: error });
  }

  create(
    request: UpstreamRequest,
    options: Omit<UpstreamErrorOptions, 'system' | 'instance' | 'operation'>,
  ): UpstreamError {
    return new UpstreamError({
      advice: adviceFor(options.code),
      ...options,
      system: this.#options.system,
      instance: this.#options.instance,
      operation: request.operation,
      reason: this.#options.redactor.redact(options.reason),
    });
  }
}
