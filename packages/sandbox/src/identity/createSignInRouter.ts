import express from 'express';
import type { Request, RequestHandler, Response, Router } from 'express';
import type { InteractionResults, Provider } from 'oidc-provider';
import { renderLoginPage } from './loginPage';
import { renderExpiredPage, renderUnknownPersonPage } from './messagePages';
import type { Person } from './people';

/**
 * The sign-in page, the choice made on it, and its way out.
 *
 * @remarks
 * Against forged requests: each sign-in has a random id, in the address and in a signed cookie that is bound to that
 * address and same-site. A foreign page knows no id of a sign-in under way in this browser, and cannot set the cookie of
 * one of its own, so a token in the form would add nothing.
 *
 * @internal
 */
export function createSignInRouter(options: {
  provider: Provider;
  people: readonly Person[];
  path: string;
  portalUrl: string;
}): Router {
  const { provider, people, path, portalUrl } = options;
  const router = express.Router();

  const finish = (req: Request, res: Response, result: InteractionResults) =>
    provider.interactionFinished(req, res, result, {
      mergeWithLastSubmission: false,
    });

  /** Runs a handler for the sign-in of the address, or says that there is none. */
  const withSignIn = (
    handler: (
      req: Request,
      res: Response,
      details: Awaited<ReturnType<Provider['interactionDetails']>>,
    ) => Promise<void>,
  ): RequestHandler => {
    return async (req, res, next) => {
      try {
        const details = await provider.interactionDetails(req, res);
        // The cookie's path ties it to the address in browsers; other clients may send it anywhere.
        if (details.uid === req.params.uid) {
          await handler(req, res, details);
          return;
        }
      } catch (error) {
        if ((error as Error).name !== 'SessionNotFound') {
          next(error);
          return;
        }
      }
      res.status(400).send(renderExpiredPage({ portalUrl }));
    };
  };

  router.get(
    '/:uid',
    withSignIn(async (_req, res, { uid, params }) => {
      const hint = params.login_hint;
      res.send(
        renderLoginPage({
          people,
          action: `${path}/${uid}`,
          hint: typeof hint === 'string' ? hint : undefined,
        }),
      );
    }),
  );

  router.post(
    '/:uid',
    express.urlencoded({ extended: false, limit: '4kb' }),
    withSignIn(async (req, res) => {
      const person = people.find(({ ref }) => ref === req.body?.person);
      if (!person) {
        res.status(400).send(renderUnknownPersonPage({ portalUrl }));
        return;
      }
      // Consent is answered along with the sign-in, should the client ask for it with prompt=consent.
      await finish(req, res, { login: { accountId: person.ref }, consent: {} });
    }),
  );

  router.get(
    '/:uid/cancel',
    withSignIn(async (req, res) => {
      await finish(req, res, {
        error: 'access_denied',
        error_description: 'The sign-in was cancelled.',
      });
    }),
  );

  return router;
}
