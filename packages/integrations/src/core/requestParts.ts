import type { UpstreamError } from './UpstreamError';

/** @internal */
export type Headers = Readonly<Record<string, string>>;

/** With those that are sent several times. @internal */
export type SentHeaders = Readonly<Record<string, string | readonly string[]>>;

const RETRIED_STATUSES = new Set([408, 425, 429, 500, 502, 503, 504]);

/** @internal */
export function encodeBody(body: unknown): {
  body?: string;
  contentType?: string;
} {
  if (body === undefined) {
    return {};
  }
  if (typeof body === 'string') {
    return { body };
  }
  if (body instanceof URLSearchParams) {
    return {
      body: body.toString(),
      contentType: 'application/x-www-form-urlencoded',
    };
  }
  return { body: JSON.stringify(body), contentType: 'application/json' };
}

/** @internal */
export function lowerCase<V>(
  headers: Readonly<Record<string, V>> = {},
): Readonly<Record<string, V>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

/** @internal */
export function isSame(one: Headers, other: Headers): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Whether another attempt has a chance. @internal */
export function isPassing(error: UpstreamError): boolean {
  return (
    error.retryable &&
    (error.status === undefined
      ? error.code === 'unreachable' || error.code === 'timeout'
      : RETRIED_STATUSES.has(error.status))
  );
}

/** In seconds. @internal */
export function readRetryAfter(header: string | undefined): number | undefined {
  if (!header) {
    return undefined;
  }
  const wait = /^\d+$/.test(header)
    ? Number(header)
    : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(wait) && wait >= 0 ? Math.ceil(wait) : undefined;
}

/** @internal */
export function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 100) / 10} s`;
}
