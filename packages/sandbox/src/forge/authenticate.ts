import { timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { ForgeError } from './ForgeError';
import type { ForgeService } from './ForgeService';
import type { Account } from './state/schemas';

/** The account that owns the sandbox's token. @internal */
export const PORTAL_ACCOUNT = 'waystone';

/**
 * Finds out who asks; undefined if nobody says so.
 *
 * @remarks
 * As with Gitea: `Authorization: token …` or `Bearer …`, or Basic with a user and a password, where the password may
 * be the token and the user may be the token too. The one token acts for every user, the portal's account if none is
 * named.
 *
 * @throws ForgeError with 401 if the credentials are wrong
 * @internal
 */
export function authenticate(
  service: ForgeService,
  req: Request,
): Account | undefined {
  const header = req.headers.authorization;
  if (!header) {
    return undefined;
  }
  const { login, secrets } = readHeader(header);
  const { token } = service.context;
  if (!secrets.some(secret => isSame(secret, token))) {
    throw new ForgeError(401, 'invalid username, password or token');
  }
  const account = service.state.account(login || PORTAL_ACCOUNT);
  if (account?.kind === 'user') {
    return account;
  }
  // Git needs some user name where the token is the password, so any will do, as with Gitea.
  return service.state.account(PORTAL_ACCOUNT);
}

function readHeader(header: string): { login: string; secrets: string[] } {
  const [, scheme, value] = /^(\S+) +(\S+)$/.exec(header.trim()) ?? [];
  if (/^(?:token|bearer)$/i.test(scheme ?? '')) {
    return { login: '', secrets: [value] };
  }
  if (/^basic$/i.test(scheme ?? '')) {
    const text = Buffer.from(value, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    const user = colon < 0 ? text : text.slice(0, colon);
    const password = colon < 0 ? '' : text.slice(colon + 1);
    return password === '' || password === 'x-oauth-basic'
      ? { login: '', secrets: [user] }
      : { login: user, secrets: [password] };
  }
  return { login: '', secrets: [] };
}

function isSame(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
