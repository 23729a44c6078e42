import express from 'express';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type {
  Account,
  Configuration,
  KoaContextWithOIDC,
  Provider,
} from 'oidc-provider';
import { createContentSecurityPolicy } from '../pages/renderPage';
import type { SandboxPart } from '../SandboxPart';
import { createSignInRouter } from './createSignInRouter';
import { loadKeys } from './keys';
import {
  renderErrorPage,
  renderSignedOutPage,
  renderSignOutPage,
} from './messagePages';
import type { Person } from './people';
import { TokenStore } from './TokenStore';

const PATH = '/oidc';
const DAY_SECONDS = 24 * 60 * 60;
const HOUR_SECONDS = 60 * 60;

/**
 * Options of {@link createIdentityProvider}.
 *
 * @internal
 */
export interface IdentityProviderOptions {
  /** Where the sandbox is reached; the issuer is this plus `/oidc`. */
  readonly sandboxUrl: string;
  /** Where the portal's backend is reached. */
  readonly portalUrl: string;
  /** Where the portal's frontend is reached, when that is elsewhere, as in development. */
  readonly appUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly people: readonly Person[];
  /** Folder for keys and sessions; without one they last as long as the process. */
  readonly stateFolder?: string;
  /** How long somebody stays signed in. */
  readonly sessionSeconds?: number;
}

/**
 * Creates the OpenID provider that the portal signs people in with.
 *
 * @remarks
 * All of the protocol is npm's `oidc-provider`; ours are the people, the pages and the settings.
 *
 * @internal
 */
export async function createIdentityProvider(
  options: IdentityProviderOptions,
): Promise<SandboxPart> {
  const { sandboxUrl, portalUrl, appUrl, people } = options;

  // An ES module: only a real dynamic import loads it from CommonJS.
  const { Provider: OidcProvider } = await import('oidc-provider');
  const provider: Provider = new OidcProvider(
    `${sandboxUrl}${PATH}`,
    createConfiguration(options),
  );
  provider.on('server_error', (_ctx, error) => {
    process.stderr.write(`Sandbox sign-in failed: ${error.stack}\n`);
  });

  const formTargets = [portalUrl, appUrl].map(url => new URL(url).origin);
  const router = express.Router();
  router.use(setHeaders(formTargets), dropCors);
  router.use('/auth', forgetSession);
  router.use(
    '/interaction',
    createSignInRouter({
      provider,
      people,
      path: `${PATH}/interaction`,
      portalUrl: appUrl,
    }),
  );
  router.use(useHostOf(sandboxUrl), provider.callback());

  return {
    name: 'oidc',
    path: PATH,
    title: 'OpenID provider',
    summary:
      'Signs people of the example organisation in, in place of Okta, Microsoft Entra ID, Keycloak and the like.',
    handler: router,
  };
}

function createConfiguration(options: IdentityProviderOptions): Configuration {
  const { portalUrl, appUrl, people, stateFolder } = options;
  const sessionSeconds = options.sessionSeconds ?? 14 * DAY_SECONDS;
  const tokenSeconds = Math.min(HOUR_SECONDS, sessionSeconds);
  const keys = loadKeys(stateFolder);
  const store = TokenStore.create({ folder: stateFolder });
  const findPerson = (id: string) => people.find(({ ref }) => ref === id);

  return {
    adapter: model => store.createAdapter(model),
    jwks: { keys: keys.jwks },
    clients: [
      {
        client_id: options.clientId,
        client_secret: options.clientSecret,
        client_name: 'Waystone',
        redirect_uris: [`${portalUrl}/api/auth/oidc/handler/frame`],
        post_logout_redirect_uris: [
          ...new Set([portalUrl, `${portalUrl}/`, appUrl, `${appUrl}/`]),
        ],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_basic',
        id_token_signed_response_alg: 'RS256',
      },
    ],
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic'],
    scopes: ['openid', 'offline_access'],
    claims: {
      openid: ['sub'],
      profile: ['name', 'preferred_username', 'picture'],
      email: ['email', 'email_verified'],
      groups: ['groups'],
    },
    findAccount: async (_ctx, id) => {
      const person = findPerson(id);
      return person && toAccount(person);
    },
    interactions: { url: (_ctx, { uid }) => `${PATH}/interaction/${uid}` },
    // Nobody is asked for consent: what the portal asks for is granted in full, anew with each sign-in.
    loadExistingGrant: async ({ oidc }) => {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client?.clientId,
        accountId: oidc.session?.accountId,
      });
      grant.addOIDCScope('openid profile email groups offline_access');
      await grant.save();
      return grant;
    },
    // Backstage's client sends no PKCE challenge; the client secret guards the code instead.
    pkce: { required: () => false },
    // Backstage does not ask with prompt=consent, without which OpenID's offline_access is dropped, and refreshes all the same.
    issueRefreshToken: async (_ctx, client) =>
      client.grantTypeAllowed('refresh_token'),
    expiresWithSession: async () => false,
    // Not rotated: two tabs that reload at once send the same refresh token, and with rotation the second would count as
    // theft and end the session. Rotation protects clients without a secret (RFC 9700, 4.14.2); this one has a secret.
    rotateRefreshToken: false,
    ttl: {
      AccessToken: tokenSeconds,
      IdToken: tokenSeconds,
      RefreshToken: sessionSeconds,
      Session: sessionSeconds,
      // Made before the refresh token that hangs on it, by at most the life of a code.
      Grant: sessionSeconds + 60,
      AuthorizationCode: 60,
      Interaction: HOUR_SECONDS,
    },
    cookies: {
      keys: keys.cookies,
      // Cookies know no ports, so the portal on the same host gets ours too, but for names and paths of their own.
      names: {
        session: 'waystone_sandbox_session',
        interaction: 'waystone_sandbox_interaction',
        resume: 'waystone_sandbox_resume',
      },
      long: { httpOnly: true, sameSite: 'lax', signed: true, path: PATH },
      short: { httpOnly: true, sameSite: 'lax', signed: true },
    },
    clientBasedCORS: () => false,
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators: { enabled: false },
      userinfo: { enabled: true },
      revocation: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) =>
          token.clientId === client.clientId,
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: async (ctx, form) => {
          ctx.body = renderSignOutPage({ form });
        },
        postLogoutSuccessSource: async ctx => {
          ctx.body = renderSignedOutPage({ portalUrl: appUrl });
        },
      },
    },
    renderError: async (ctx: KoaContextWithOIDC, out) => {
      ctx.type = 'html';
      ctx.body = renderErrorPage({
        error: out.error,
        description: out.error_description,
        portalUrl: appUrl,
      });
    },
  };
}

function toAccount(person: Person): Account {
  return {
    accountId: person.ref,
    claims: async () => ({
      sub: person.ref,
      name: person.displayName,
      preferred_username: person.name,
      email: person.email,
      email_verified: person.emailVerified,
      picture: person.picture,
      groups: person.teams.map(team => team.ref),
    }),
  };
}

/**
 * Headers of everything under the provider's path.
 *
 * @remarks
 * No Cross-Origin-Opener-Policy: the portal opens the sign-in in a popup that reports back through `window.opener`.
 */
function setHeaders(formTargets: readonly string[]): RequestHandler {
  // The provider's self-submitting forms (response_mode=form_post, sign-out without a session) add the hash of their
  // script to script-src if there is one. Nothing under our origin serves a script, so 'self' allows none.
  const policy = `${createContentSecurityPolicy(
    formTargets,
  )}; script-src 'self'`;
  return (_req, res, next) => {
    res.setHeader('Content-Security-Policy', policy);
    res.setHeader('Cache-Control', 'no-store');
    next();
  };
}

/**
 * Hides the provider's session from the authorization endpoint.
 *
 * @remarks
 * So that every sign-in shows the people, whoever signed in last in this browser, and so that picking another
 * person is not answered with oidc-provider's page that first signs the former one out.
 */
function forgetSession(req: Request, _res: Response, next: NextFunction) {
  req.headers.cookie = (req.headers.cookie ?? '')
    .split(/;\s*/)
    .filter(cookie => !/^waystone_sandbox_session(\.sig)?=/.test(cookie))
    .join('; ');
  next();
}

/**
 * Takes back the leave that oidc-provider gives to pages of other origins: only the portal's backend calls it.
 */
function dropCors(_req: Request, res: Response, next: NextFunction) {
  const writeHead = res.writeHead;
  res.writeHead = (...args: unknown[]) => {
    res
      .getHeaderNames()
      .filter(name => name.startsWith('access-control-'))
      .forEach(name => res.removeHeader(name));
    return Reflect.apply(writeHead, res, args);
  };
  next();
}

/**
 * Makes the provider name its endpoints under the issuer's host, also to those who ask under 127.0.0.1.
 */
function useHostOf(sandboxUrl: string): RequestHandler {
  const { host } = new URL(sandboxUrl);
  return (req, _res, next) => {
    req.headers.host = host;
    next();
  };
}
