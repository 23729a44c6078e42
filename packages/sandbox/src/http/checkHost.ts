import type { RequestHandler } from 'express';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Says whether a URL's hostname is this machine.
 *
 * @internal
 */
export function isLoopbackHostname(hostname: string): boolean {
  return LOOPBACK_NAMES.includes(hostname);
}

/**
 * Refuses requests that name another host than this machine.
 *
 * @remarks
 * Listening on loopback keeps other machines out, but not web pages: a page whose own name is made
 * to resolve to 127.0.0.1 (DNS rebinding) would count as same-origin and could read answers. Such a
 * request still carries the page's name in its Host header.
 *
 * @param ports - the ports under which the sandbox is known
 * @param protocol - what is spoken there, for the message
 * @internal
 */
export function checkHost(
  ports: readonly string[],
  protocol: 'http' | 'https' = 'http',
): RequestHandler {
  const allowed = new Set(
    LOOPBACK_NAMES.flatMap(name => ports.map(port => `${name}:${port}`)),
  );
  return (req, res, next) => {
    if (allowed.has((req.headers.host ?? '').toLowerCase())) {
      next();
      return;
    }
    res
      .status(403)
      .type('text/plain')
      .send(
        `This sandbox answers only to this machine's own names. Use ${protocol}://localhost:${ports[0]}.\n`,
      );
  };
}
