import type {
  AuditorService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError, toError } from '@backstage/errors';
import { Repetitions } from '@waystone/access';
import type { AttributedEventOptions } from '@waystone/plugin-audit-node';
import { Router } from 'express';
import type { Request, Response } from 'express';
import { readFrameAnswer } from './readFrameAnswer';
import { readRefreshAnswer } from './readRefreshAnswer';

/** Says that somebody has come back from the provider, and that it is not known yet who. */
const COOKIE = 'waystone-signing-in';
const COOKIE_MAX_AGE_MS = 5 * 60_000;

/** What {@link createSignInAudit} needs. */
export interface SignInAuditOptions {
  readonly auditor: AuditorService;
  /** Of the backend. */
  readonly baseUrl: string;
  readonly logger: LoggerService;
}

/** What became of a sign-in. */
export type SignInResult =
  | { readonly outcome: 'succeeded'; readonly userEntityRef?: string }
  | { readonly outcome: 'failed'; readonly reason: string };

/** Watches what the routes of the auth plugin answer, without changing it. */
export function createSignInAudit(options: SignInAuditOptions): Router {
  const { auditor, baseUrl, logger } = options;
  const { pathname, protocol } = new URL(baseUrl);
  const repetitions = new Repetitions();
  const router = Router();

  const cookieOptions = (provider: string) => ({
    httpOnly: true,
    path: `${pathname.replace(/\/$/, '')}/api/auth/${provider}`,
    sameSite: 'lax' as const,
    secure: protocol === 'https:',
  });

  const write = async (
    req: Request,
    provider: string,
    result: SignInResult,
  ): Promise<void> => {
    const isRefused = result.outcome === 'failed';
    const repeated = isRefused
      ? repetitions.note(`${req.ip} ${provider} ${result.reason}`)
      : 0;
    if (repeated === undefined) {
      return;
    }
    const event: AttributedEventOptions = {
      eventId: 'sign-in',
      severityLevel: 'medium',
      request: withoutQuery(req),
      ...(!isRefused && { actor: result.userEntityRef }),
      meta: { provider, ...(repeated > 0 && { repeated }) },
    };
    const audit = await auditor.createEvent(event);
    await (isRefused
      ? audit.fail({ error: new NotAllowedError(result.reason) })
      : audit.success());
  };
  const note = (req: Request, provider: string, result: SignInResult) => {
    write(req, provider, result).catch(error =>
      logger.error('A sign-in could not be noted', toError(error)),
    );
  };

  router.all('/:provider/handler/frame', (req, res, next) => {
    const { provider } = req.params;
    beforeHeaders(res, body => {
      const result = readFrameAnswer(res, body);
      if (result.outcome === 'succeeded' && !result.userEntityRef) {
        res.cookie(COOKIE, '1', {
          ...cookieOptions(provider),
          maxAge: COOKIE_MAX_AGE_MS,
        });
        return;
      }
      note(req, provider, result);
    });
    next();
  });

  router.all('/:provider/refresh', (req, res, next) => {
    const { provider } = req.params;
    if (!new RegExp(`(?:^|;\\s*)${COOKIE}=1`).test(req.headers.cookie ?? '')) {
      next();
      return;
    }
    beforeHeaders(res, body => {
      const result = readRefreshAnswer(res, body);
      if (result) {
        res.clearCookie(COOKIE, cookieOptions(provider));
        note(req, provider, result);
      }
    });
    next();
  });

  return router;
}

/** Looks at an answer that is written in one piece, as long as its headers can be changed. */
function beforeHeaders(res: Response, look: (body: string) => void) {
  const { end } = res;
  res.end = function endAndLook(this: Response, ...args: unknown[]) {
    res.end = end;
    if (!res.headersSent) {
      const [body] = args;
      look(
        typeof body === 'string' || Buffer.isBuffer(body) ? String(body) : '',
      );
    }
    return Reflect.apply(end, res, args);
  } as Response['end'];
}

/** The provider's code is in the query, and nobody's business. */
function withoutQuery(req: Request): Request {
  const [originalUrl] = req.originalUrl.split('?');
  return Object.assign(Object.create(req), { originalUrl });
}
