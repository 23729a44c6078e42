import { z } from 'zod';
import { errorCodeOf, readReason } from '../core/explainAnswer';
import type { UpstreamFailure } from '../core/explainFailure';
import { UpstreamError } from '../core/UpstreamError';
import type { UpstreamErrorCode } from '../core/UpstreamError';

const bodySchema = z.object({
  status: z.literal('error'),
  errorType: z.string(),
  error: z.string(),
});

/**
 * What Prometheus said, beyond the code of the {@link UpstreamError}.
 *
 * @public
 */
export interface PrometheusFailure {
  /** Such as `bad_data`, `execution`, `timeout`. */
  readonly errorType: string;
  /** With the position in the query where it cannot be read. */
  readonly error: string;
}

/** What Prometheus said, if the error is one that it explained. @public */
export function prometheusFailureOf(
  error: unknown,
): PrometheusFailure | undefined {
  if (!(error instanceof UpstreamError)) {
    return undefined;
  }
  return bodySchema.safeParse(error.details).data;
}

const CODES: Readonly<Record<string, UpstreamErrorCode>> = {
  bad_data: 'invalid',
  execution: 'invalid',
  not_found: 'not-found',
  // The query was too much. The same one would be so again, so that it must not count as passing.
  timeout: 'failed',
  canceled: 'cancelled',
  unavailable: 'unavailable',
  too_many_requests: 'throttled',
};

/** Reads the envelope of an error. @internal */
export function parsePrometheusError(
  status: number,
  contentType: string,
  body: string,
): UpstreamFailure | undefined {
  const failure = readBody(body);
  if (!failure) {
    const reason = readReason(contentType, body);
    return reason ? { code: errorCodeOf(status), reason } : undefined;
  }
  return {
    code: CODES[failure.errorType] ?? errorCodeOf(status),
    reason: failure.error,
    details: failure,
    ...(failure.errorType === 'timeout' && {
      advice: 'Ask for less: a shorter range or fewer series',
    }),
  };
}

function readBody(body: string) {
  try {
    return bodySchema.safeParse(JSON.parse(body)).data;
  } catch {
    // What a proxy in front says is no JSON.
    return undefined;
  }
}
