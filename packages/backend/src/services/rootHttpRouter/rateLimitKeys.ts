import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { ipKeyGenerator } from 'express-rate-limit';

/** The cookie that Backstage accepts in place of a bearer token. */
const AUTH_COOKIE = 'backstage-auth';
/** The `typ` of tokens that plugins of this backend use among themselves. */
const PLUGIN_TOKEN_TYPE = 'vnd.backstage.plugin';

/**
 * Who sends a request, as far as that can be told without verifying anything.
 *
 * @internal
 */
export interface Sender {
  /** The network address, IPv6 ones by their subnet. */
  ip: string;
  /** A hash of the credentials, if the request has any. */
  credentials?: string;
  /** Whether the credentials claim to be those of a plugin. */
  claimsPlugin: boolean;
}

/**
 * Finds out who sends a request.
 *
 * @remarks
 *
 * The key is a hash of the whole token and not the user's name in it. At this
 * point nobody has verified the token, and one with a forged name must not use
 * up the budget of the person that it names.
 *
 * @internal
 */
export function senderOf(req: Request): Sender {
  const ip = ipKeyGenerator(req.ip ?? req.socket.remoteAddress ?? '0.0.0.0');
  const token = bearerToken(req) ?? authCookie(req);
  return {
    ip,
    credentials:
      token && createHash('sha256').update(token).digest('base64url'),
    claimsPlugin: token !== undefined && tokenType(token) === PLUGIN_TOKEN_TYPE,
  };
}

function bearerToken(req: Request): string | undefined {
  return req.headers.authorization?.match(/^Bearer +(\S+)$/i)?.[1];
}

function authCookie(req: Request): string | undefined {
  for (const pair of req.headers.cookie?.split(';') ?? []) {
    const [name, value] = pair.split('=', 2);
    if (name.trim() === AUTH_COOKIE && value) {
      return value.trim();
    }
  }
  return undefined;
}

function tokenType(token: string): unknown {
  try {
    const [header] = token.split('.', 1);
    return JSON.parse(Buffer.from(header, 'base64url').toString()).typ;
  } catch {
    // Not a JWT, for example an external access token.
    return undefined;
  }
}
