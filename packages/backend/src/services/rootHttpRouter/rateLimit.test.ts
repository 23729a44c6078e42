import { mockCredentials } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import express from 'express';
import { startSafeBackend } from '../../__testUtils__/startSafeBackend';
import { readRateLimitSettings } from './rateLimit';

const as = (ref: string) => ({
  headers: { authorization: mockCredentials.user.header(ref) },
});
const U1 = as('user:default/u1');
const U2 = as('user:default/u2');

/** A token as made by anybody, which names a user or a plugin. */
function forged(header: object, n = 0) {
  const part = (value: object) =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  return {
    headers: {
      authorization: `Bearer ${part(header)}.${part({
        sub: 'user:default/u1',
        n,
      })}.c2ln`,
    },
  };
}

describe('rateLimit', () => {
  let backend: Awaited<ReturnType<typeof startSafeBackend>>;

  beforeEach(async () => {
    const routes = express.Router();
    routes.get('/mine', (_req, res) => {
      res.json({ ok: true });
    });
    routes.get('/open', (_req, res) => {
      res.json({ ok: true });
    });
    backend = await startSafeBackend({
      routes,
      open: ['/open'],
      config: {
        waystone: {
          rateLimit: {
            user: { perMinute: 20 },
            anonymous: { perMinute: 30 },
            failedAuth: { perMinute: 10 },
          },
        },
      },
    });
  });

  afterEach(() => backend.stop());

  async function send(times: number, path: string, init?: RequestInit) {
    const statuses: Record<number, number> = {};
    for (let i = 0; i < times; i += 1) {
      const { status } = await backend.get(path, init);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
    return statuses;
  }

  it('should limit each user alone, and nothing but API requests', async () => {
    // The first request is counted for the address
    expect(await send(31, '/api/probe/mine', U1)).toEqual({ 200: 21, 429: 10 });

    const refused = await backend.get('/API/probe/mine?token=abc', U1);
    expect(refused.status).toBe(429);
    const retryAfter = Number(refused.headers.get('retry-after'));
    expect(retryAfter).toBeGreaterThan(0);
    expect(retryAfter).toBeLessThanOrEqual(60);
    expect(JSON.parse(refused.text)).toEqual({
      error: {
        name: 'TooManyRequestsError',
        message: `Too many requests. Try again in ${retryAfter} seconds.`,
      },
      request: { method: 'GET', url: '/API/probe/mine' },
      response: { statusCode: 429 },
    });

    // Neither somebody else nor the probes nor the frontend are affected
    expect(await send(5, '/api/probe/mine', U2)).toEqual({ 200: 5 });
    expect(await send(50, '/.backstage/health/v1/readiness', U1)).toEqual({
      200: 50,
    });
    expect(await send(50, '/api/app/static/x.js', U1)).toEqual({ 404: 50 });
  });

  it('should limit requests without a user per address', async () => {
    expect(await send(40, '/api/probe/open')).toEqual({ 200: 30, 429: 10 });
    // A new token with each request does not help
    expect((await backend.get('/api/auth/x', forged({}, 1))).status).toBe(429);
    expect((await backend.get('/api/probe/open', forged({}, 2))).status).toBe(
      429,
    );
    // Without end, and whatever the notation of the header
    expect(
      (
        await backend.get('/api/probe/open', {
          headers: { authorization: 'Basic dTpw' },
        })
      ).status,
    ).toBe(429);
  });

  it('should stop the guessing of tokens, but not those who are signed in', async () => {
    expect(await send(3, '/api/probe/mine', U1)).toEqual({ 200: 3 });

    const statuses = [];
    for (let n = 0; n < 15; n += 1) {
      const { status } = await backend.get(
        '/api/probe/mine',
        forged({ typ: 'vnd.backstage.user' }, n),
      );
      statuses.push(status);
    }
    expect(statuses.filter(status => status === 401)).toHaveLength(10);
    expect(statuses.filter(status => status === 429)).toHaveLength(5);

    // The same for tokens that claim to be a plugin's
    const plugin = forged({ typ: 'vnd.backstage.plugin' });
    expect((await backend.get('/api/probe/mine', plugin)).status).toBe(429);

    // The forged name has not cost its owner anything
    expect(await send(3, '/api/probe/mine', U1)).toEqual({ 200: 3 });
  });

  it('should not count calls among plugins', async () => {
    const service = {
      headers: forged({ typ: 'vnd.backstage.plugin' }).headers,
    };
    expect(await send(60, '/api/probe/open', service)).toEqual({ 200: 60 });
    // They ask who somebody is, at a route that looks at the token unlike others of its plugin
    expect(await send(60, '/api/auth/v1/userinfo', service)).toEqual({
      404: 60,
    });
    expect(await send(40, '/api/auth/x', service)).toEqual({
      404: 30,
      429: 10,
    });
  });
});

describe('readRateLimitSettings', () => {
  it('should have defaults, an off switch and clear errors', () => {
    const read = (settings?: object) =>
      readRateLimitSettings(
        new ConfigReader({ waystone: { rateLimit: settings } }),
      );
    expect(read()).toEqual({ user: 1200, anonymous: 600, failedAuth: 120 });
    expect(read({ user: { perMinute: 5 } })).toMatchObject({ user: 5 });
    expect(read({ enabled: false })).toBeUndefined();
    expect(() => read({ user: { perMinute: 0 } })).toThrow(
      "Invalid config 'waystone.rateLimit.user.perMinute': expected a whole number above 0, got 0",
    );
  });
});
