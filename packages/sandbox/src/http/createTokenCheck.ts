import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';

/**
 * Lets only those pass who present the token, as bearer token or as password of any user. Stands for the proxy that
 * real installations have in front of systems without access control of their own.
 *
 * @internal
 */
export function createTokenCheck(token: string, realm: string): RequestHandler {
  const expected = digest(token);
  return (req, res, next) => {
    const presented = readToken(req.headers.authorization ?? '');
    if (timingSafeEqual(digest(presented), expected)) {
      next();
      return;
    }
    res
      .status(401)
      .setHeader('WWW-Authenticate', `Bearer realm="${realm}"`)
      .type('text/plain')
      .send('Unauthorized\n');
  };
}

function readToken(authorization: string): string {
  const [scheme, value = ''] = authorization.split(' ');
  if (scheme.toLowerCase() === 'basic') {
    const pair = Buffer.from(value, 'base64').toString('utf8');
    return pair.slice(pair.indexOf(':') + 1);
  }
  return scheme.toLowerCase() === 'bearer' ? value : '';
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
