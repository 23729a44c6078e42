import {
  mockCredentials,
  mockErrorHandler,
  mockServices,
} from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import express from 'express';
import request from 'supertest';
import { createProxyGuard } from './createProxyGuard';

const LOGS =
  '/proxy/api/v1/namespaces/ordering-production/pods/order-service-1-abc/log';

describe('the guard of the proxy', () => {
  const start = (allowed: boolean) => {
    const auditor = mockServices.auditor.mock();
    const fail = jest.fn();
    auditor.createEvent.mockResolvedValue({ success: jest.fn(), fail });
    const app = express();
    app.use(
      createProxyGuard({
        auditor,
        httpAuth: mockServices.httpAuth(),
        permissions: mockServices.permissions.mock({
          authorize: async () => [
            { result: allowed ? AuthorizeResult.ALLOW : AuthorizeResult.DENY },
          ],
        }),
      }),
    );
    app.use((req, res) => {
      res.json({ passed: req.url, headers: req.headers });
    });
    app.use(mockErrorHandler());
    return { api: request(app), fail };
  };

  it.each([
    LOGS,
    `${LOGS}?container=order-service&tailLines=100&previous=true`,
    '/proxy/api/v1/namespaces/ordering-production/events?fieldSelector=involvedObject.name%3Dx',
    '/clusters',
    '/resources/custom/query',
  ])('lets anybody pass to %s', async path => {
    const { api, fail } = start(false);
    const response = await api.get(path);
    expect(response.status).toBe(200);
    expect(fail).not.toHaveBeenCalled();
  });

  it.each([
    ['get', '/proxy/api/v1/namespaces/a/secrets'],
    ['get', '/proxy/api/v1/namespaces/a/secrets/b/log'],
    ['get', '/proxy/api/v1/namespaces/a/pods/b/exec?command=sh'],
    ['get', '/proxy/api/v1/namespaces/a/pods/../secrets/b/log'],
    ['get', '/proxy/api/v1/namespaces/a/pods/%2e%2e/log'],
    ['get', '/proxy/api/v1/namespaces/a/pods/..%2Fsecrets%2Fb/log'],
    ['get', '/PROXY/api/v1/namespaces/a/secrets'],
    ['get', '/%70roxy/api/v1/namespaces/a/secrets'],
    ['get', '//proxy/api/v1/namespaces/a/secrets'],
    ['get', '/proxy/apis/apps/v1/deployments'],
    ['get', '/proxy'],
    ['delete', LOGS],
    ['post', LOGS],
    ['delete', '/proxy/api/v1/namespaces/a/pods/b'],
  ] as const)('refuses to %s %s, and audits it', async (method, path) => {
    const { api, fail } = start(false);
    const response = await api[method](path);
    expect(response.status).toBe(403);
    expect(response.body.error.message).toContain('kubernetes.proxy.any');
    expect(fail).toHaveBeenCalledTimes(1);
  });

  it('refuses shells that look like logs', async () => {
    const { api } = start(false);
    const response = await api
      .get(LOGS)
      .set('Connection', 'Upgrade')
      .set('Upgrade', 'websocket');
    expect(response.status).toBe(403);
  });

  it('lets those pass who may send anything', async () => {
    const { api } = start(true);
    expect((await api.delete('/proxy/api/v1/nodes/a')).status).toBe(200);
  });

  it('takes away what would make somebody else of the caller', async () => {
    const { api } = start(true);
    const response = await api
      .get(LOGS)
      .set('Impersonate-User', 'system:admin')
      .set('impersonate-GROUP', 'system:masters')
      .set('X-Remote-User', 'root');
    expect(Object.keys(response.body.headers)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/impersonate|x-remote/i)]),
    );
    expect(JSON.stringify(response.body.headers)).not.toContain('system:');
  });

  it('asks who it is before it says no', async () => {
    const { api } = start(false);
    const response = await api
      .get('/proxy/api/v1/nodes')
      .set('Authorization', mockCredentials.user.invalidHeader());
    expect(response.status).toBe(401);
  });
});
