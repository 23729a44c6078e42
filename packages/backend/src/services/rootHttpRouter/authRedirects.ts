import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { type RequestHandler, Router } from 'express';

/**
 * Lets sign-in return to the portal only.
 *
 * @remarks
 *
 * With the redirect flow, Backstage sends people to any `redirectUrl` after they
 * have signed in. A link to the real portal would so lead to a copy of it that asks
 * for a password. An address elsewhere becomes the portal's start page.
 *
 * @internal
 */
export function authRedirects(config: Config): RequestHandler {
  const appUrl = new URL(config.getString('app.baseUrl'));
  const allowed = new Set([
    appUrl.origin,
    ...(config.getOptionalStringArray('auth.experimentalExtraAllowedOrigins') ??
      []),
  ]);
  const isAllowed = (address: unknown): boolean => {
    try {
      if (typeof address !== 'string') {
        return false;
      }
      const { protocol, origin } = new URL(address);
      return /^https?:$/.test(protocol) && allowed.has(origin);
    } catch {
      return false;
    }
  };

  const router = Router();
  router.get('/:provider/start', (req, _res, next) => {
    const { redirectUrl } = req.query;
    if (redirectUrl !== undefined && !isAllowed(redirectUrl)) {
      req.query.redirectUrl = appUrl.toString();
    }
    next();
  });
  router.all('/:provider/handler/frame', (req, _res, next) => {
    const redirectUrls = [req.query.state, req.body?.state].flatMap(
      redirectUrlsOf,
    );
    if (!redirectUrls.every(isAllowed)) {
      next(new InputError('Sign-in may return to the portal only'));
      return;
    }
    next();
  });
  return router;
}

/** The state is a hex-encoded query string, made at the start of the sign-in. */
function redirectUrlsOf(state: unknown): string[] {
  const query = Buffer.from(String(state ?? ''), 'hex').toString();
  return new URLSearchParams(query).getAll('redirectUrl');
}
