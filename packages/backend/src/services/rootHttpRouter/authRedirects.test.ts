import { mockErrorHandler } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import express from 'express';
import request from 'supertest';
import { authRedirects } from './authRedirects';

const ELSEWHERE = [
  'https://evil.example/',
  '//evil.example',
  '/\\evil.example',
  // eslint-disable-next-line no-script-url -- an attack
  'javascript:alert(1)',
  'data:text/html,x',
  'https://portal.example.evil.example/',
  'https://portal.example@evil.example/',
  'https://portal.example:444/',
  'http://portal.example/',
  'blob:https://portal.example/x',
];

const stateWith = (redirectUrl: string) =>
  Buffer.from(
    new URLSearchParams({ nonce: 'n', env: 'e', redirectUrl }).toString(),
  ).toString('hex');

describe('authRedirects', () => {
  const app = express();
  app.use(
    '/api/auth',
    authRedirects(
      new ConfigReader({ app: { baseUrl: 'https://portal.example/base' } }),
    ),
  );
  app.use((req, res) => {
    res.json(req.query);
  });
  app.use(mockErrorHandler());

  it('should return to the portal after sign-in and to nowhere else', async () => {
    const start = async (redirectUrl: string | string[]) =>
      (await request(app).get('/api/auth/oidc/start').query({ redirectUrl }))
        .body.redirectUrl;

    for (const address of ELSEWHERE) {
      expect([address, await start(address)]).toEqual([
        address,
        'https://portal.example/base',
      ]);
    }
    expect(
      await start(['https://portal.example/', 'https://evil.example/']),
    ).toBe('https://portal.example/base');
    expect(await start('https://portal.example/catalog?x=1')).toBe(
      'https://portal.example/catalog?x=1',
    );
    expect((await request(app).get('/api/auth/oidc/start')).body).toEqual({});
  });

  it('should refuse a forged state', async () => {
    const frame = async (redirectUrl: string) =>
      (
        await request(app)
          .get('/api/auth/oidc/handler/frame')
          .query({ state: stateWith(redirectUrl) })
      ).status;

    for (const address of ELSEWHERE) {
      expect([address, await frame(address)]).toEqual([address, 400]);
    }
    const twice = [
      ...new URLSearchParams({ redirectUrl: 'https://portal.example/' }),
      ['redirectUrl', 'https://evil.example/'],
    ];
    const state = Buffer.from(new URLSearchParams(twice).toString());
    expect(
      (
        await request(app)
          .get('/api/auth/oidc/handler/frame')
          .query({ state: state.toString('hex') })
      ).status,
    ).toBe(400);
    expect(await frame('https://portal.example/catalog')).toBe(200);
    expect(
      (await request(app).get('/api/auth/oidc/handler/frame?state=zz')).status,
    ).toBe(200);
  });
});
