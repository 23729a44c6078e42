import { BodyTooLargeError } from './readBody';
import { IdleError } from './readLines';
import type { UpstreamErrorCode } from './UpstreamError';

/**
 * What went wrong, in words.
 *
 * @public
 */
export interface UpstreamFailure {
  readonly code: UpstreamErrorCode;
  readonly reason: string;
  readonly advice?: string;
  readonly details?: unknown;
}

const CHECK_ADDRESS =
  'Check that it runs and that its URL in the configuration is right';
const CERTIFICATE_CODES = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'INVALID_CA',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/**
 * Turns an error of the network, of TLS or of reading a body into words that name neither hosts nor addresses.
 *
 * @internal
 */
export function explainFailure(error: unknown): UpstreamFailure {
  const code = codeOf(error);
  if (error instanceof BodyTooLargeError) {
    return {
      code: 'too-large',
      reason: 'the answer is larger than the limit',
      advice: 'Narrow what is asked for',
    };
  }
  if (error instanceof IdleError) {
    return { code: 'timeout', reason: 'the stream fell silent' };
  }
  if (CERTIFICATE_CODES.has(code)) {
    return {
      code: 'unreachable',
      reason: `its certificate is not trusted (${code})`,
      advice: 'Set the certificate authority of this instance (tls.ca)',
    };
  }
  if (code.startsWith('ERR_SSL') || code === 'EPROTO') {
    return {
      code: 'unreachable',
      reason: 'there is no TLS connection with it',
      advice: 'Check whether its URL is https or http',
    };
  }
  if (code.startsWith('HPE_') || code === 'UND_ERR_HEADERS_OVERFLOW') {
    return {
      code: 'unexpected-answer',
      reason: 'the answer is not HTTP',
      advice: CHECK_ADDRESS,
    };
  }
  if (code.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE') {
    return {
      code: 'unexpected-answer',
      reason: 'the answer cannot be decompressed',
    };
  }
  switch (code) {
    case 'ECONNREFUSED':
      return {
        code: 'unreachable',
        reason: 'the connection was refused',
        advice: CHECK_ADDRESS,
      };
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return {
        code: 'unreachable',
        reason: 'its host name is not known',
        advice: CHECK_ADDRESS,
      };
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return {
        code: 'unreachable',
        reason: 'there is no connection to it',
        advice: CHECK_ADDRESS,
      };
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
    case 'ERR_STREAM_PREMATURE_CLOSE':
      return { code: 'unreachable', reason: 'the connection broke' };
    case 'UND_ERR_DESTROYED':
    case 'UND_ERR_CLOSED':
      return { code: 'cancelled', reason: 'the client is closed' };
    default:
      return {
        code: 'failed',
        reason: `the call failed (${code || nameOf(error)})`,
      };
  }
}

function codeOf(error: unknown): string {
  // Not by class: errors of Node's own modules may come from another realm.
  const { cause, code, errors } = (error ?? {}) as {
    readonly cause?: unknown;
    readonly code?: unknown;
    readonly errors?: readonly unknown[];
  };
  if (typeof code === 'string') {
    return code;
  }
  // Several addresses of one host name: each has its own error.
  const inner = errors?.[0] ?? cause;
  return inner ? codeOf(inner) : '';
}

function nameOf(error: unknown): string {
  const { name } = (error ?? {}) as { readonly name?: unknown };
  return typeof name === 'string' ? name : typeof error;
}
