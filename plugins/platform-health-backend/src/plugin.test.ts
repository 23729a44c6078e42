import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { sandboxResponseSchema } from '@waystone/plugin-platform-health-common';
import request from 'supertest';
import { platformHealthPlugin } from './plugin';

const TOKEN = 'token-of-the-sandbox';

/** The control of a sandbox, as far as the plugin speaks to it. */
function createSandboxServer(calls: string[]): Server {
  return createServer((req, res) => {
    calls.push(`${req.method} ${req.url} ${req.headers.authorization}`);
    const send = (status: number, body: unknown) => {
      res.writeHead(status, { 'Content-Type': 'application/json' });
      res.end(JSON.stringify(body));
    };
    if (req.url === '/control/state') {
      send(200, {
        systems: [],
        stories: [
          { name: 'drift', title: 'Drift', summary: 'S.', look: 'There.' },
        ],
        faults: {},
      });
    } else if (req.url?.includes('/unknown/')) {
      send(404, { error: { message: "There is no story 'unknown'." } });
    } else {
      send(200, {});
    }
  });
}

describe('platform-health backend', () => {
  const calls: string[] = [];
  const servers: Server[] = [];

  const start = async (options: { sandbox?: boolean; allowed?: boolean }) => {
    const sandbox = createSandboxServer(calls);
    servers.push(sandbox);
    await new Promise<void>(resolve => {
      sandbox.listen(0, '127.0.0.1', resolve);
    });
    const { port } = sandbox.address() as AddressInfo;
    const auditor = mockServices.auditor.mock();
    const outcome = { success: jest.fn(), fail: jest.fn() };
    auditor.createEvent.mockResolvedValue(outcome);
    const { server } = await startTestBackend({
      features: [
        platformHealthPlugin,
        auditor.factory,
        mockServices.permissions.mock({
          authorize: async requests =>
            requests.map(() => ({
              result:
                options.allowed === false
                  ? AuthorizeResult.DENY
                  : AuthorizeResult.ALLOW,
            })),
        }).factory,
        mockServices.rootConfig.factory({
          data: options.sandbox
            ? {
                waystone: {
                  sandboxControl: {
                    url: `http://127.0.0.1:${port}/`,
                    token: TOKEN,
                  },
                },
              }
            : {},
        }),
      ],
    });
    return { server, auditor, outcome };
  };

  afterEach(async () => {
    calls.length = 0;
    await Promise.all(
      servers.splice(0).map(
        server =>
          new Promise(resolve => {
            server.closeAllConnections();
            server.close(resolve);
          }),
      ),
    );
  });

  it('answers nobody who is not signed in', async () => {
    const { server } = await start({});
    const response = await request(server)
      .get('/api/platform-health/systems')
      .set('Authorization', mockCredentials.none.header());
    expect(response.status).toBe(401);
  });

  it('refuses those without the permission, and audits their writes', async () => {
    const { server, auditor, outcome } = await start({
      sandbox: true,
      allowed: false,
    });
    const read = await request(server).get('/api/platform-health/systems');
    expect(read.status).toBe(403);
    expect(read.body.error).toMatchObject({
      permission: 'platform-health.system.read',
      askWhom: [],
    });
    const write = await request(server).post(
      '/api/platform-health/sandbox/stories/drift/start',
    );
    expect(write.status).toBe(403);
    expect(calls).toEqual([]);
    expect(
      auditor.createEvent.mock.calls.map(([{ eventId }]) => eventId),
    ).toEqual(expect.arrayContaining(['sandbox-story-start']));
    expect(outcome.fail).toHaveBeenCalled();
    expect(outcome.success).not.toHaveBeenCalled();
  });

  it('lists systems, and has no sandbox where none is configured', async () => {
    const { server } = await start({});
    const systems = await request(server).get('/api/platform-health/systems');
    expect(systems.body).toEqual({ items: [], totalItems: 0 });
    const sandbox = await request(server).get('/api/platform-health/sandbox');
    expect(sandbox.status).toBe(404);
  });

  it('hands stories on to the sandbox, audited', async () => {
    const { server, auditor, outcome } = await start({ sandbox: true });
    const state = await request(server).get('/api/platform-health/sandbox');
    expect(sandboxResponseSchema.parse(state.body).stories).toHaveLength(1);
    const started = await request(server).post(
      '/api/platform-health/sandbox/stories/drift/start',
    );
    expect(started.status).toBe(204);
    expect(calls).toEqual([
      `GET /control/state Bearer ${TOKEN}`,
      `POST /control/stories/drift/start Bearer ${TOKEN}`,
    ]);
    expect(auditor.createEvent).toHaveBeenCalledWith(
      expect.objectContaining({
        eventId: 'sandbox-story-start',
        meta: { story: 'drift' },
      }),
    );
    expect(outcome.success).toHaveBeenCalledTimes(1);
  });

  it('says what the sandbox said', async () => {
    const { server } = await start({ sandbox: true });
    const unknown = await request(server).post(
      '/api/platform-health/sandbox/stories/unknown/start',
    );
    expect(unknown.status).toBe(404);
    expect(unknown.body.error.message).toBe("There is no story 'unknown'.");
  });

  it('names the field of a bad fault', async () => {
    const { server } = await start({ sandbox: true });
    const response = await request(server)
      .put('/api/platform-health/sandbox/faults/argocd')
      .send({ status: 12 });
    expect(response.status).toBe(400);
    expect(response.body.error.message).toContain('status');
    expect(calls).toEqual([]);
  });

  it('describes itself', async () => {
    const { server } = await start({});
    const { body } = await request(server).get(
      '/api/platform-health/openapi.json',
    );
    expect(body.openapi).toBe('3.1.0');
    expect(Object.keys(body.paths)).toContain('/systems');
    expect(body.components.schemas.Systems.properties.items.type).toBe('array');
  });
});
