import { mockCredentials } from '@backstage/backend-test-utils';
import express from 'express';
import { startSafeBackend } from '../../__testUtils__/startSafeBackend';

const signedIn = {
  headers: { authorization: mockCredentials.user.header() },
};

describe('rootHttpRouterServiceFactory', () => {
  it('should let requests finish when it stops, but not wait for ever', async () => {
    const routes = express.Router();
    routes.get('/slow', (_req, res) => {
      setTimeout(() => res.json({ done: true }), 1000);
    });
    routes.get('/hanging', () => {});
    const backend = await startSafeBackend({ routes });

    const slow = backend.get('/api/probe/slow', signedIn);
    const hanging = backend.get('/api/probe/hanging', signedIn).then(
      () => 'answered',
      () => 'cut',
    );
    await new Promise(resolve => setTimeout(resolve, 300));

    const startedAt = performance.now();
    await backend.stop();
    expect(performance.now() - startedAt).toBeLessThan(8000);
    expect((await slow).text).toBe('{"done":true}');
    expect(await hanging).toBe('cut');
  }, 15_000);
});
