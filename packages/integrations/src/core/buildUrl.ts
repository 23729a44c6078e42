import type { UpstreamRequest } from './UpstreamHttp';

const DOTS = /(^|\/)(\.|%2e){1,2}(\/|$)/i;
// Control characters, a query or a fragment, or what some servers take for a slash.
const STRANGE = /[\p{Cc}\s?#\\]|%5c|%00/iu;

/**
 * Reads the base URL of an instance. Nothing in errors repeats it: a URL may hold a password.
 *
 * @internal
 */
export function readBaseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new TypeError(
      'its URL is not one that begins with https:// or http://',
    );
  }
  if (url.username || url.password) {
    throw new TypeError('its URL must not hold a user name or a password');
  }
  if (url.search || url.hash) {
    throw new TypeError('its URL must not have a query or a fragment');
  }
  return url;
}

/**
 * The URL of a request, which is below the base URL whatever the path says.
 *
 * @internal
 */
export function buildUrl(
  base: URL,
  path: string,
  query: UpstreamRequest['query'] = {},
): URL {
  if (!/^\/(?!\/)/.test(path) || DOTS.test(path) || STRANGE.test(path)) {
    throw new TypeError(
      'Not a path below the base URL; make paths with pathOf and pass parameters as query',
    );
  }
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/$/, '')}${path}`;
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) {
        url.searchParams.append(name, String(one));
      }
    }
  }
  return url;
}

/** Whether others see what is sent: neither encrypted nor on this machine. @internal */
export function isReadableOnTheWay(base: URL): boolean {
  return (
    base.protocol === 'http:' &&
    !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(base.hostname)
  );
}
