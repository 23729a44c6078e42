import type { UpstreamResponse } from '../core/UpstreamHttp';

const WARNING = /\b\d{3} \S+ "((?:[^"\\]|\\.)*)"/g;

/** The texts of `Warning` headers (RFC 7234). @internal */
export function readWarnings(
  headers: UpstreamResponse['headers'],
): readonly string[] {
  return [...(headers.warning ?? '').matchAll(WARNING)].map(([, text]) =>
    text.replace(/\\(.)/g, '$1'),
  );
}
