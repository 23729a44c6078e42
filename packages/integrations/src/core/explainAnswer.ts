import type { UpstreamFailure } from './explainFailure';
import type { UpstreamErrorCode } from './UpstreamError';

const LONGEST_REASON = 500;

/** The kind of failure that an HTTP status stands for, where a system does not say more. @public */
export function errorCodeOf(status: number): UpstreamErrorCode {
  if (status < 400) {
    return 'unexpected-answer';
  }
  switch (status) {
    case 400:
    case 422:
      return 'invalid';
    case 401:
      return 'unauthenticated';
    case 403:
      return 'denied';
    case 404:
      return 'not-found';
    case 408:
      return 'timeout';
    case 409:
    case 412:
    case 423:
      return 'conflict';
    case 410:
      return 'expired';
    case 413:
      return 'too-large';
    case 425:
    case 429:
      return 'throttled';
    case 501:
    case 505:
      return 'failed';
    default:
      return status >= 500 ? 'unavailable' : 'failed';
  }
}

/** What to do about it, where a system has no better idea. @internal */
export function adviceFor(code: UpstreamErrorCode): string | undefined {
  switch (code) {
    case 'unauthenticated':
      return 'Renew the credentials that the portal has for it';
    case 'denied':
      return 'Ask its administrators for the permission';
    case 'throttled':
      return 'Try again later';
    default:
      return undefined;
  }
}

/**
 * Finds the explanation in an error body of an unknown system.
 *
 * @internal
 */
export function explainAnswer(
  status: number,
  contentType: string,
  body: string,
): UpstreamFailure {
  const code = errorCodeOf(status);
  return {
    code,
    reason: readReason(contentType, body) ?? `it answered ${status}`,
  };
}

/**
 * A short text from an error body: of JSON with one of the usual fields, or of a line of plain text.
 *
 * @public
 */
export function readReason(
  contentType: string,
  body: string,
): string | undefined {
  const text = body.trim();
  if (!text || contentType.includes('html')) {
    return undefined;
  }
  let reason: unknown = text;
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null) {
      const { message, error, error_description, detail, errors } =
        parsed as Record<string, unknown>;
      reason = [message, error_description, detail, error, errors]
        .flat()
        .find(value => typeof value === 'string' && value !== '');
    } else {
      reason = parsed;
    }
  } catch {
    // Plain text, then.
  }
  if (typeof reason !== 'string' || reason.startsWith('<')) {
    return undefined;
  }
  const line = reason.replace(/\s+/g, ' ').replace(/[.\s]+$/, '');
  return line.length > LONGEST_REASON
    ? `${line.slice(0, LONGEST_REASON)}…`
    : line;
}
