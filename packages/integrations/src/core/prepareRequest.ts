import { buildUrl } from './buildUrl';
import { encodeBody, lowerCase } from './requestParts';
import type { SentHeaders } from './requestParts';
import type { UpstreamRequest } from './UpstreamHttp';
import type { UpstreamLimits } from './UpstreamHttpOptions';

/** A request with everything that was left out. @internal */
export interface PreparedRequest {
  readonly request: UpstreamRequest;
  readonly url: URL;
  readonly method: string;
  readonly idempotent: boolean;
  readonly headers: SentHeaders;
  readonly body?: string;
  readonly timeoutMs: number;
  /** `Infinity` if only `timeoutMs` counts. */
  readonly firstByteMs: number;
}

/**
 * Fills in what a request leaves out.
 *
 * @throws TypeError if its path is none below the base URL.
 *
 * @internal
 */
export function prepareRequest(
  request: UpstreamRequest,
  instance: {
    readonly base: URL;
    readonly headers?: Readonly<Record<string, string>>;
    readonly limits: Required<UpstreamLimits>;
  },
): PreparedRequest {
  const { base, limits } = instance;
  const { method = 'GET', path, query } = request;
  const idempotent =
    request.idempotent ?? (method === 'GET' || method === 'LIST');
  const { body, contentType } = encodeBody(request.body);
  return {
    request,
    url: buildUrl(base, path, query),
    method,
    idempotent,
    headers: {
      accept: 'application/json',
      'accept-encoding': 'gzip',
      'user-agent': 'waystone',
      ...(contentType && { 'content-type': contentType }),
      ...lowerCase(instance.headers),
      ...lowerCase(request.headers),
    },
    body,
    timeoutMs:
      request.timeoutMs ??
      (idempotent ? limits.readTimeoutMs : limits.writeTimeoutMs),
    firstByteMs:
      request.firstByteTimeoutMs ??
      (idempotent ? limits.firstByteTimeoutMs : Infinity),
  };
}
