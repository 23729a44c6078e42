import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  auditEventsResponseSchema,
  auditFacetsResponseSchema,
  auditStatusResponseSchema,
} from '@waystone/plugin-audit-common';
import { auditorServiceFactory } from '@waystone/plugin-audit-node';
import request from 'supertest';
import { createTestDatabase } from './__testUtils__/records';
import { auditPlugin } from './plugin';

jest.setTimeout(60_000);

const base = '/api/audit';
const header = {
  authorization: mockCredentials.user.header('user:default/david'),
};

describe('audit backend', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

  const start = async (allowed: readonly string[] = ['audit.event.read']) => {
    const knex = await createTestDatabase(databases);
    let auditor: typeof coreServices.auditor.T | undefined;
    const { server } = await startTestBackend({
      features: [
        auditPlugin,
        auditorServiceFactory,
        createBackendModule({
          pluginId: 'audit',
          moduleId: 'test',
          register(env) {
            env.registerInit({
              deps: { service: coreServices.auditor },
              async init({ service }) {
                auditor = service;
              },
            });
          },
        }),
        mockServices.database.factory({ knex }),
        mockServices.permissions.mock({
          authorize: async requests =>
            requests.map(({ permission }) => ({
              result: allowed.includes(permission.name)
                ? AuthorizeResult.ALLOW
                : AuthorizeResult.DENY,
            })),
        }).factory,
      ],
    });
    const deploy = async (meta: Record<string, string>) => {
      const event = await auditor!.createEvent({
        eventId: 'deploy',
        severityLevel: 'medium',
        meta,
      });
      await event.success();
    };
    /** Until what was done is stored. */
    const stored = async (count: number) => {
      for (;;) {
        const rows = await knex('audit_events').count({ count: '*' });
        if (Number(rows[0].count) >= count) {
          return;
        }
        await new Promise(resolve => setTimeout(resolve, 20));
      }
    };
    return { deploy, knex, server, stored };
  };

  it('should show what any plugin audited, and export it, which is audited too', async () => {
    const { deploy, server, stored } = await start();
    await deploy({ entityRef: 'component:default/orders', note: '=1+1,"x"' });
    await stored(2);
    const list = await request(server).get(`${base}/events`).set(header);
    expect(list.status).toBe(200);
    const { items } = auditEventsResponseSchema.parse(list.body);
    expect(items).toEqual([
      expect.objectContaining({
        plugin: 'audit',
        eventId: 'deploy',
        outcome: 'succeeded',
        entityRefs: ['component:default/orders'],
        sequence: 2,
      }),
    ]);
    const one = await request(server)
      .get(`${base}/events/${items[0].id}`)
      .set(header);
    expect(one.body).toEqual(items[0]);

    const csv = await request(server)
      .get(`${base}/events/export?event=deploy`)
      .set(header);
    expect(csv.headers['content-type']).toMatch('text/csv');
    expect(csv.headers['content-disposition']).toMatch(/audit-.*\.csv/);
    const lines = csv.text.trim().split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('""note"":""=1+1,');
    const json = await request(server)
      .get(`${base}/events/export?event=deploy&format=json`)
      .set(header);
    expect(json.body).toEqual(items);
    const none = await request(server)
      .get(`${base}/events/export?event=none&format=json`)
      .set(header);
    expect(none.body).toEqual([]);

    await stored(8);
    const exports = await request(server)
      .get(`${base}/events?event=events-export`)
      .set(header);
    expect(exports.body.items[1]).toMatchObject({
      actor: 'user:default/david',
      outcome: 'succeeded',
      meta: { event: ['deploy'], format: 'json', events: 1 },
    });

    const facets = await request(server).get(`${base}/facets`).set(header);
    expect(auditFacetsResponseSchema.parse(facets.body).items).toEqual([
      { plugin: 'audit', eventId: 'deploy' },
      { plugin: 'audit', eventId: 'events-export' },
    ]);
    const status = await request(server).get(`${base}/status`).set(header);
    expect(auditStatusResponseSchema.parse(status.body)).toMatchObject({
      notStored: 0,
      retention: { changes: 'P13M', reads: 'P30D' },
    });
  });

  it('should show owners what was done to an entity, but not from where', async () => {
    const { deploy, server, stored } = await start(['audit.entity.read']);
    await deploy({ entityRef: 'component:default/orders' });
    await deploy({ entityRef: 'component:default/payments' });
    await stored(4);
    const own = await request(server)
      .get(`${base}/entities/default/Component/Orders/events`)
      .set(header);
    const { items } = auditEventsResponseSchema.parse(own.body);
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ eventId: 'deploy' });
    expect(Object.keys(items[0])).not.toEqual(expect.arrayContaining(['hash']));
    for (const path of [
      'events',
      'events/1',
      'events/export',
      'facets',
      'status',
    ]) {
      const refused = await request(server).get(`${base}/${path}`).set(header);
      expect(refused.status).toBe(403);
      expect(refused.body.error.message).toMatch('audit.event.read');
    }
  });

  it('should refuse those who are not meant to see it, and say what they lack', async () => {
    const { server, stored } = await start([]);
    const refused = await request(server)
      .get(`${base}/entities/default/component/orders/events`)
      .set(header);
    expect(refused.status).toBe(403);
    expect(refused.body.error.message).toMatch('audit.entity.read');
    const anonymous = await request(server)
      .get(`${base}/events`)
      .set({ authorization: mockCredentials.none.header() });
    expect(anonymous.status).toBe(401);
    const service = await request(server)
      .get(`${base}/events`)
      .set({ authorization: mockCredentials.service.header() });
    expect(service.status).toBe(403);
    // To have tried an export is told, too
    await request(server).get(`${base}/events/export`).set(header);
    await stored(2);
  });

  it('should say what is wrong with a query', async () => {
    const { server } = await start();
    for (const [query, message] of [
      ['limit=0', /limit/],
      ['severity=loud', /severity/],
      ['from=yesterday', /from/],
      ['cursor=x', /cursor/],
      ['nothing=1', /nothing/],
    ] as const) {
      const response = await request(server)
        .get(`${base}/events?${query}`)
        .set(header);
      expect(response.status).toBe(400);
      expect(response.body.error.message).toMatch(message);
    }
    const missing = await request(server).get(`${base}/events/x`).set(header);
    expect(missing.status).toBe(404);
  });

  it('should describe every route that it has', async () => {
    const { server } = await start();
    const { body } = await request(server)
      .get(`${base}/openapi.json`)
      .set(header);
    expect(Object.keys(body.paths)).toEqual([
      '/events',
      '/events/export',
      '/events/{id}',
      '/entities/{namespace}/{kind}/{name}/events',
      '/facets',
      '/status',
    ]);
  });
});
