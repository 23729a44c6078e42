import { errorCodeOf, explainAnswer } from './explainAnswer';
import type { TransportResponse } from './HttpTransport';
import { readBodyStart } from './readBody';
import type { Redactor } from './Redactor';
import { readRetryAfter } from './requestParts';
import type { UpstreamErrorOptions } from './UpstreamError';
import type { UpstreamHttpOptions } from './UpstreamHttpOptions';

const MAX_BYTES = 256 * 1024;

/**
 * Reads why a system did not do what was asked.
 *
 * @internal
 */
export async function explainRefusal(
  response: TransportResponse,
  options: {
    readonly redactor: Redactor;
    readonly parseError: UpstreamHttpOptions['parseError'];
  },
): Promise<
  Omit<UpstreamErrorOptions, 'system' | 'instance' | 'operation' | 'cause'>
> {
  const { headers, status } = response;
  if (status < 400) {
    response.body.destroy();
    return {
      code: 'unexpected-answer',
      reason: `it answered ${status}, which leads elsewhere`,
      advice: 'Set its URL in the configuration to where it leads',
      status,
    };
  }
  const contentType = headers['content-type'] ?? '';
  const body = options.redactor.redact(
    await readBodyStart(response.body, MAX_BYTES),
  );
  const failure = {
    ...explainAnswer(status, contentType, body),
    ...options.parseError?.(status, contentType, body),
  };
  return {
    ...failure,
    code: failure.code ?? errorCodeOf(status),
    status,
    retryAfterSeconds: readRetryAfter(headers['retry-after']),
  };
}
