import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import type { Request, RequestHandler, Response } from 'express';
import { Budget } from './Budget';
import { KnownCredentials } from './KnownCredentials';
import { type Sender, senderOf } from './rateLimitKeys';
import { errorBody } from './takeOverResponse';

/**
 * Requests per minute, see `waystone.rateLimit` in config.schema.json.
 *
 * @internal
 */
export interface RateLimitSettings {
  user: number;
  anonymous: number;
  failedAuth: number;
}

/**
 * Reads `waystone.rateLimit`.
 *
 * @returns The limits, or undefined if they are switched off
 * @internal
 */
export function readRateLimitSettings(
  config: Config,
): RateLimitSettings | undefined {
  const section = config.getOptionalConfig('waystone.rateLimit');
  if (section?.getOptionalBoolean('enabled') === false) {
    return undefined;
  }
  const perMinute = (key: string, fallback: number) => {
    const value = section?.getOptionalNumber(`${key}.perMinute`) ?? fallback;
    if (!Number.isInteger(value) || value < 1) {
      throw new InputError(
        `Invalid config 'waystone.rateLimit.${key}.perMinute': expected a whole number above 0, got ${value}`,
      );
    }
    return value;
  };
  return {
    user: perMinute('user', 1200),
    anonymous: perMinute('anonymous', 600),
    failedAuth: perMinute('failedAuth', 120),
  };
}

/**
 * Limits API requests per user, per address without a user, and failed sign-ins
 * per address.
 *
 * @remarks
 *
 * Nobody is exempt by address: behind a reverse proxy or a side-car everybody
 * comes from localhost. The counters live in this process, so with several
 * replicas the effective limit is up to that many times higher.
 *
 * Credentials count as a user once a request with them was not refused. Before
 * that they count for the address, otherwise a new made-up token with each request
 * would never meet a limit. Plugins that call each other through this server have
 * a new token for each call, on behalf of a user whose own request is already
 * counted, so only failed sign-ins limit them.
 *
 * @internal
 */
export function rateLimit(settings: RateLimitSettings): RequestHandler {
  const users = new Budget(settings.user);
  const addresses = new Budget(settings.anonymous);
  const failures = new Budget(settings.failedAuth);
  const known = new KnownCredentials();

  async function overdrawn(req: Request, res: Response, sender: Sender) {
    const { ip, credentials, claimsPlugin } = sender;
    if (credentials && !isOpenRoute(req)) {
      res.once('finish', () => {
        if (res.statusCode === 401) {
          known.delete(credentials);
          void failures.spend(ip);
        } else if (!claimsPlugin) {
          known.add(credentials);
        }
      });
      if (known.has(credentials)) {
        return users.spend(credentials);
      }
      const refused = await failures.peek(ip);
      if (refused || claimsPlugin) {
        return refused;
      }
    }
    return addresses.spend(ip);
  }

  return async (req, res, next) => {
    try {
      const retryAfterMs = await overdrawn(req, res, senderOf(req));
      if (retryAfterMs === undefined) {
        next();
        return;
      }
      const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
      res.setHeader('Retry-After', String(seconds));
      res.setHeader('Cache-Control', 'no-store');
      res.status(429).json(
        errorBody(req, {
          statusCode: 429,
          name: 'TooManyRequestsError',
          message: `Too many requests. Try again in ${seconds} seconds.`,
        }),
      );
    } catch (error) {
      next(error);
    }
  };
}

/**
 * Routes that look at no credentials, where any token would look like a good one. Who somebody is does look at them, and plugins
 * ask for it all the time.
 */
function isOpenRoute(req: Request): boolean {
  return /^\/api\/(auth(?!\/v1\/userinfo\/?$)(\/|$)|[^/]+\/\.backstage\/)/i.test(
    req.originalUrl.split('?', 1)[0],
  );
}
