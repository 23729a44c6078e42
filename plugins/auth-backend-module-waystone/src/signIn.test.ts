import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import {
  createOAuthAuthenticator,
  createOAuthRouteHandlers,
} from '@backstage/plugin-auth-node';
import cookieParser from 'cookie-parser';
import PromiseRouter from 'express-promise-router';
import request from 'supertest';
import authModuleWaystone from './index';

const APP = 'http://localhost:3000';

const tokenOf = (sub: string) =>
  ['{}', JSON.stringify({ sub }), 'signature']
    .map(part => Buffer.from(part).toString('base64url'))
    .join('.');

/** Backstage's own routes of a provider, whose code is the name of who signs in. */
const provider = createOAuthRouteHandlers({
  authenticator: createOAuthAuthenticator({
    defaultProfileTransform: async () => ({ profile: {} }),
    initialize: () => undefined,
    start: async ({ state }) => ({ url: `https://id.example/?${state}` }),
    authenticate: async ({ req }) => ({
      fullProfile: String(req.query.code),
      session: sessionOf(String(req.query.code)),
    }),
    refresh: async ({ refreshToken }) => ({
      fullProfile: refreshToken,
      session: sessionOf(refreshToken),
    }),
  }),
  appUrl: APP,
  baseUrl: 'http://localhost:7007/api/auth',
  isOriginAllowed: () => true,
  providerId: 'oidc',
  config: new ConfigReader({}),
  resolverContext: {} as never,
  signInResolver: async ({ result }) => {
    if (result.fullProfile === 'stranger') {
      throw new Error('No such person in the catalog');
    }
    return { token: tokenOf(`user:default/${result.fullProfile}`) };
  },
});

function sessionOf(name: string) {
  return {
    accessToken: 'token',
    tokenType: 'bearer',
    scope: 'openid',
    refreshToken: name,
  };
}

const auth = createBackendPlugin({
  pluginId: 'auth',
  register(env) {
    env.registerInit({
      deps: { httpRouter: coreServices.httpRouter },
      async init({ httpRouter }) {
        const router = PromiseRouter();
        // As auth-backend does
        router.use(cookieParser());
        router.get('/oidc/start', (req, res) => provider.start(req, res));
        router.get('/oidc/handler/frame', (req, res) =>
          provider.frameHandler(req, res),
        );
        router.get('/oidc/refresh', (req, res) => provider.refresh!(req, res));
        httpRouter.use(router);
        httpRouter.addAuthPolicy({ path: '/', allow: 'unauthenticated' });
      },
    });
  },
});

describe('the audit of sign-ins', () => {
  const written = jest.fn();
  let server: Parameters<typeof request>[0];

  beforeAll(async () => {
    const started = await startTestBackend({
      features: [
        auth,
        authModuleWaystone,
        mockServices.rootConfig.factory({
          data: { backend: { baseUrl: 'http://localhost:7007' } },
        }),
        mockServices.auditor.mock({
          createEvent: async ({ request: req, ...options }) => {
            const event = { ...options, url: req?.originalUrl };
            return {
              success: async () => written({ ...event, outcome: 'succeeded' }),
              fail: async ({ error }: { error?: Error }) =>
                written({ ...event, outcome: 'failed', error: error?.message }),
            };
          },
        }).factory,
      ],
    });
    server = started.server;
  });
  beforeEach(() => written.mockReset());

  /** Goes to the provider and comes back, as a browser does. */
  const comeBack = async (code: string, flow = 'redirect') => {
    const started = await request(server)
      .get('/api/auth/oidc/start')
      .query({
        env: 'test',
        scope: 'openid',
        flow,
        redirectUrl: `${APP}/catalog?error=of-the-page`,
      });
    const state = new URL(started.headers.location).search.slice(1);
    const answer = await request(server)
      .get('/api/auth/oidc/handler/frame')
      .query({ code, state })
      .set('cookie', cookiesOf(started));
    return { answer, cookies: cookiesOf(started, answer) };
  };
  const refresh = (cookies: string) =>
    request(server)
      .get('/api/auth/oidc/refresh')
      .set('x-requested-with', 'XMLHttpRequest')
      .set('cookie', cookies);

  it('should name who signed in, once', async () => {
    const { answer, cookies } = await comeBack('ada');
    expect(answer.headers.location).toBe(`${APP}/catalog?error=of-the-page`);
    expect(String(answer.headers['set-cookie'])).toMatch(
      /waystone-signing-in=1; Max-Age=300; Path=\/api\/auth\/oidc;.* HttpOnly; SameSite=Lax/,
    );
    expect(written).not.toHaveBeenCalled();

    const first = await refresh(cookies);
    expect(first.status).toBe(200);
    expect(String(first.headers['set-cookie'])).toMatch(
      /waystone-signing-in=; Path=\/api\/auth\/oidc; Expires=Thu, 01 Jan 1970/,
    );
    await refresh(cookies.replace(/waystone-signing-in=1/, ''));
    expect(written.mock.calls).toEqual([
      [
        {
          eventId: 'sign-in',
          severityLevel: 'medium',
          actor: 'user:default/ada',
          meta: { provider: 'oidc' },
          outcome: 'succeeded',
          url: '/api/auth/oidc/refresh',
        },
      ],
    ]);
  });

  it('should say why somebody was refused, without the code, and not again and again', async () => {
    const { answer } = await comeBack('stranger');
    expect(String(answer.headers['set-cookie'])).not.toContain('signing-in');
    await comeBack('stranger');
    expect(written.mock.calls).toEqual([
      [
        {
          eventId: 'sign-in',
          severityLevel: 'medium',
          meta: { provider: 'oidc' },
          outcome: 'failed',
          error: 'No such person in the catalog',
          url: '/api/auth/oidc/handler/frame',
        },
      ],
    ]);
  });

  it('should note forged answers and pop-ups', async () => {
    await request(server)
      .get('/api/auth/oidc/handler/frame')
      .query({ code: 'ada', state: Buffer.from('env=x').toString('hex') });
    await comeBack('bob', 'popup');
    expect(written.mock.calls.map(([event]) => event)).toMatchObject([
      { outcome: 'failed', error: expect.stringMatching(/nonce|state/i) },
      { outcome: 'succeeded', actor: 'user:default/bob' },
    ]);
  });

  it('should say so when the session is refused right after', async () => {
    const { cookies } = await comeBack('cleo');
    const refused = await refresh(
      cookies.replace('oidc-refresh-token=cleo', 'oidc-refresh-token=stranger'),
    );
    expect(refused.status).toBe(401);
    expect(written.mock.calls).toMatchObject([
      [{ outcome: 'failed', error: expect.stringMatching(/Refresh failed/) }],
    ]);
  });
});

function cookiesOf(
  ...answers: readonly { readonly headers: Record<string, unknown> }[]
): string {
  const cookies = new Map<string, string>();
  for (const { headers } of answers) {
    for (const cookie of (headers['set-cookie'] ?? []) as string[]) {
      const [pair] = cookie.split(';');
      const [name, value] = pair.split('=', 2);
      // Backstage removes one of an older release by the same name
      if (value) cookies.set(name, pair);
    }
  }
  return [...cookies.values()].join('; ');
}
