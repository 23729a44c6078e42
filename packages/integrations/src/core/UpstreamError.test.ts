import { mockErrorHandler } from '@backstage/backend-test-utils';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { UpstreamError } from './UpstreamError';

describe('UpstreamError', () => {
  const error = new UpstreamError({
    system: 'argocd',
    instance: 'main',
    operation: 'list-applications',
    code: 'unauthenticated',
    status: 401,
    reason: 'the token has expired',
    advice: 'Renew it',
    details: { body: 'secret' },
    cause: new Error('connect ECONNREFUSED 10.0.0.1:443'),
  });

  it('says who failed at what, and what to do', () => {
    expect(error.message).toBe(
      'argocd (main) failed to list applications: the token has expired. Renew it',
    );
    expect(error.name).toBe('UpstreamError');
    expect(error.retryable).toBe(false);
    expect(error.details).toEqual({ body: 'secret' });
    expect(JSON.stringify(error)).not.toMatch(/secret|10\.0\.0\.1/);
  });

  it('is the failure of another system to the portal’s own clients', async () => {
    const app = express();
    app.get('/', (_req, _res, next) => next(error));
    app.use(mockErrorHandler());
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/`);
    // Not the 401 of the system: that would sign the user out.
    expect(response.status).toBe(502);
    const body = await response.text();
    expect(JSON.parse(body).error).toMatchObject({
      name: 'UpstreamError',
      message: error.message,
      code: 'unauthenticated',
    });
    expect(body).not.toMatch(/secret|10\.0\.0\.1/);
    server.closeAllConnections();
    server.close();
  });
});
