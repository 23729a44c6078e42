import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  createBackendModule,
  createServiceFactory,
  type BackendFeature,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
  TestDatabases,
} from '@backstage/backend-test-utils';
import techdocsPlugin from '@backstage/plugin-techdocs-backend';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  eventsServiceRef,
  type EventsService,
} from '@backstage/plugin-events-node';
import type { JsonObject } from '@backstage/types';
import { forgesServiceRef, type GitForge } from '@waystone/integrations';
import type { Knex } from 'knex';
import request from 'supertest';
import techdocsModuleNative from './index';

jest.setTimeout(60_000);

const OWNER = 'user:default/maya';
const READER = 'user:default/noah';

describe('the native TechDocs module', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let folder: string;
  let starts = 0;
  /** Of one test, which may start the portal more than once. */
  let database: Knex | undefined;

  beforeEach(async () => {
    database = undefined;
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'techdocs-native-'));
    await fs.mkdir(path.join(folder, 'source/docs'), { recursive: true });
    await fs.writeFile(
      path.join(folder, 'source/docs/index.md'),
      '# Orders\n\n[gone](gone.md)\n',
    );
  });
  afterEach(() => fs.rm(folder, { recursive: true, force: true }));

  async function start(
    options: {
      readonly techdocsRef?: string;
      /** Where the entity was read from. Default: a file beside the docs */
      readonly location?: string;
      readonly features?: readonly BackendFeature[];
      /** `techdocs.native.diagrams` */
      readonly diagrams?: JsonObject;
    } = {},
  ) {
    const knex = (database ??= await databases.init('POSTGRES_18'));
    const entity = {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: {
        name: 'orders',
        namespace: 'default',
        // TechDocs looks at the source of one entity once a minute
        uid: `${folder}-${starts++}`,
        annotations: {
          'backstage.io/techdocs-ref': options.techdocsRef ?? 'dir:.',
          'backstage.io/managed-by-location':
            options.location ?? `file:${folder}/source/catalog-info.yaml`,
        },
      },
      spec: { type: 'service', owner: 'user:maya', lifecycle: 'production' },
      relations: [{ type: 'ownedBy', targetRef: OWNER }],
    };
    const backend = await startTestBackend({
      features: [
        techdocsPlugin,
        techdocsModuleNative,
        catalogServiceMock.factory({ entities: [entity] }),
        mockServices.database.factory({ knex }),
        mockServices.userInfo.factory(),
        ...(options.features ?? []),
        mockServices.rootConfig.factory({
          data: {
            backend: { baseUrl: 'http://localhost:7007' },
            app: { baseUrl: 'http://localhost:3000' },
            integrations: { gitea: [{ host: 'forge.example' }] },
            techdocs: {
              builder: 'local',
              generator: { runIn: 'local' },
              publisher: {
                type: 'local',
                local: { publishDirectory: path.join(folder, 'published') },
              },
              native: {
                ...(options.diagrams && { diagrams: options.diagrams }),
                refresh: {
                  frequency: { hours: 10 },
                  timeout: { minutes: 1 },
                  initialDelay: { hours: 10 },
                },
              },
            },
          },
        }),
      ],
    });
    const get = (url: string, user: string) =>
      request(backend.server)
        .get(url)
        .set('authorization', mockCredentials.user.header(user));
    return { backend, server: backend.server, get, knex };
  }

  const path_ = 'default/component/orders';
  const build = `/api/techdocs/native/builds/${path_}`;

  it('builds docs, tells owners what is wrong, and keeps the last good build', async () => {
    const { backend, get, server } = await start();
    expect(
      (
        await request(server)
          .get(build)
          .set('authorization', mockCredentials.none.header())
      ).status,
    ).toBe(401);
    expect((await get(build, READER)).body).toMatchObject({ state: 'unknown' });
    expect(
      (
        await get(
          '/api/techdocs/native/builds/default/component/nothing',
          READER,
        )
      ).status,
    ).toBe(404);

    const sync = await get(`/api/techdocs/sync/${path_}`, OWNER);
    expect(sync.text).toContain('"updated":true');
    const page = await fs.readFile(
      path.join(folder, 'published', path_, 'index.html'),
      'utf8',
    );
    expect(page).toContain('<h1 id="orders">');
    expect((await get(build, OWNER)).body).toMatchObject({
      state: 'built',
      owner: true,
      pages: 1,
      problems: [
        expect.objectContaining({
          code: 'link-target-missing',
          file: 'docs/index.md',
          line: 3,
        }),
      ],
    });
    expect((await get(build, READER)).body).toMatchObject({
      state: 'built',
      owner: false,
      problems: [],
      problemCount: 1,
    });
    await backend.stop();
  });

  it('removes published pages that the source no longer has', async () => {
    const { backend, get } = await start();
    const gone = path.join(folder, 'source/docs/old/gone.md');
    const published = path.join(folder, 'published', path_);
    const names = async () =>
      (await fs.readdir(published, { recursive: true })).sort();
    await fs.mkdir(path.dirname(gone), { recursive: true });
    await fs.writeFile(gone, '# Gone\n');
    await get(`/api/techdocs/sync/${path_}`, OWNER);
    expect(await names()).toContain('old/gone/index.html');

    await fs.rm(path.dirname(gone), { recursive: true });
    await backend.stop();
    const again = await start();
    const outside = path.join(folder, 'outside');
    await fs.mkdir(outside);
    await fs.writeFile(path.join(outside, 'kept.html'), 'kept');
    await fs.symlink(outside, path.join(published, 'link'));
    await again.get(`/api/techdocs/sync/${path_}`, OWNER);
    expect(await names()).toContain('index.html');
    expect((await names()).join(' ')).not.toMatch(/old|link/);
    expect(await fs.readdir(outside)).toEqual(['kept.html']);
    await again.backend.stop();
  });

  it('takes what readers say, for owners to read', async () => {
    const { backend, get, server } = await start();
    const url = `/api/techdocs/native/feedback/${path_}`;
    const send = (body: object) =>
      request(server)
        .post(url)
        .set('authorization', mockCredentials.user.header(READER))
        .send(body);
    expect((await send({ page: '/a', helpful: 'maybe' })).status).toBe(400);
    expect((await send({ page: '/a', helpful: true })).status).toBe(204);
    expect(
      (await send({ page: '/a', helpful: false, comment: ' Too short ' }))
        .status,
    ).toBe(204);
    expect((await get(url, READER)).status).toBe(403);
    expect((await get(`${url}?state=none`, OWNER)).status).toBe(400);
    const { body } = await get(url, OWNER);
    expect(body).toMatchObject({
      helpful: 0,
      unhelpful: 1,
      open: 1,
      totalItems: 1,
      pages: [{ page: '/a', helpful: 0, unhelpful: 1 }],
      items: [{ page: '/a', comment: 'Too short', userRef: READER }],
    });

    const waiting = '/api/techdocs/native/feedback';
    const latestAt = body.items[0].createdAt;
    expect((await get(waiting, OWNER)).body).toEqual({
      items: [
        {
          entityRef: 'component:default/orders',
          title: 'orders',
          open: 1,
          latestAt,
        },
      ],
      totalItems: 1,
    });
    const none = { items: [], totalItems: 0 };
    expect((await get(waiting, READER)).body).toEqual(none);
    const of = (owner: string) =>
      `${waiting}?${new URLSearchParams({ owner })}`;
    expect((await get(of(OWNER), OWNER)).body.totalItems).toBe(1);
    expect((await get(of(READER), OWNER)).body).toEqual(none);

    const handle = (user: string, id: string, change: object) =>
      request(server)
        .put(`${url}/${id}/handled`)
        .set('authorization', mockCredentials.user.header(user))
        .send(change);
    const { id } = body.items[0];
    expect((await handle(READER, id, { handled: true })).status).toBe(403);
    expect((await handle(OWNER, id, { handled: 1 })).status).toBe(400);
    expect((await handle(OWNER, 'x', { handled: true })).status).toBe(404);
    expect((await handle(OWNER, id, { handled: true })).status).toBe(204);
    expect((await get(url, OWNER)).body).toMatchObject({ open: 0, items: [] });
    expect((await get(waiting, OWNER)).body).toEqual(none);
    expect((await get(`${url}?state=handled`, OWNER)).body).toMatchObject({
      items: [{ id, handledBy: OWNER }],
    });
    await send({ page: '/a', helpful: false, comment: 'Still too short' });
    expect((await get(url, OWNER)).body).toMatchObject({ open: 1 });

    for (const page of ['/b', '/c', '/d']) await send({ page, helpful: false });
    const some = await get(`${url}?limit=2&offset=2&state=all`, OWNER);
    expect(some.body.totalItems).toBe(4);
    expect(some.body.items).toHaveLength(2);
    const ofPage = await get(`${url}?page=${encodeURIComponent('/b')}`, OWNER);
    expect(ofPage.body).toMatchObject({ totalItems: 1, open: 4 });
    await backend.stop();
  });

  it('tells who changed a page, and where to report what is wrong with it', async () => {
    const source = path.join(folder, 'source');
    await fs.writeFile(
      path.join(source, 'mkdocs.yml'),
      'site_name: Orders\nrepo_url: https://forge.example/fernway/orders\n',
    );
    const git = (...args: string[]) =>
      promisify(execFile)('git', args, {
        cwd: source,
        env: {
          PATH: process.env.PATH,
          GIT_CONFIG_NOSYSTEM: '1',
          GIT_CONFIG_GLOBAL: '/dev/null',
          GIT_AUTHOR_NAME: 'Maya Okafor',
          GIT_AUTHOR_EMAIL: 'maya@fernway.example',
          GIT_AUTHOR_DATE: '2024-02-03T04:05:06Z',
          GIT_COMMITTER_NAME: 'x',
          GIT_COMMITTER_EMAIL: 'x',
        },
      });
    await git('init', '-q');
    await git('add', '.');
    await git('commit', '-qm', 'docs');
    const { backend, get } = await start();
    await get(`/api/techdocs/sync/${path_}`, OWNER);
    const pages = `/api/techdocs/native/pages/${path_}`;
    expect((await get(pages, READER)).body).toEqual({
      path: '',
      source: 'docs/index.md',
      updatedAt: '2024-02-03T04:05:06.000Z',
      updatedBy: 'Maya Okafor',
      issueUrl:
        'https://forge.example/fernway/orders/issues/new?title=Docs%3A+Orders&body=About+docs%2Findex.md',
    });
    expect((await get(`${pages}?path=none/`, READER)).status).toBe(404);
    expect((await get(build, READER)).body).toMatchObject({
      changedAt: '2024-02-03T04:05:06.000Z',
      changedBy: 'Maya Okafor',
    });

    const sites = async (query: string, user = READER) =>
      (await get(`/api/techdocs/native/sites?${query}`, user)).body;
    expect(await sites('')).toEqual({
      items: [
        {
          entityRef: 'component:default/orders',
          title: 'orders',
          kind: 'Component',
          owners: [{ entityRef: OWNER, title: 'maya' }],
          mine: false,
          state: 'built',
          pages: 1,
          changedAt: '2024-02-03T04:05:06.000Z',
          changedBy: 'Maya Okafor',
          stale: true,
          reads: 0,
        },
      ],
      totalItems: 1,
      summary: {
        all: 1,
        mine: 0,
        stale: 1,
        systems: [],
        owners: [{ entityRef: OWNER, title: 'maya', count: 1 }],
      },
    });
    for (const query of ['q=ORD', 'view=stale', 'system=none', 'sort=reads']) {
      expect((await sites(query)).totalItems).toBe(1);
    }
    for (const query of ['q=none', 'view=mine', 'owner=group:default/x']) {
      expect((await sites(query)).totalItems).toBe(0);
    }
    expect(await sites('view=mine', OWNER)).toMatchObject({
      items: [{ mine: true, problemCount: 1 }],
    });
    await backend.stop();
  });

  it('counts reads without keeping who reads', async () => {
    const { backend, get, knex, server } = await start();
    await get(`/api/techdocs/sync/${path_}`, OWNER);
    const url = `/api/techdocs/native/reads/${path_}`;
    const read = (user: string, page: unknown) =>
      request(server)
        .post(url)
        .set('authorization', mockCredentials.user.header(user))
        .send({ page });
    expect((await read(READER, 1)).status).toBe(400);
    expect((await read(READER, '')).status).toBe(204);
    await read(READER, '');
    await read(OWNER, '');
    await read(OWNER, 'no/such/page/');
    await backend.stop();

    const again = await start();
    expect((await again.get(url, READER)).body).toEqual({
      entityRef: 'component:default/orders',
      days: 30,
      reads: 2,
      pages: [{ page: '', title: 'Orders', reads: 2 }],
    });
    await knex('docs_reads').update({ day: '2020-01-01' });
    expect((await again.get(url, READER)).body).toMatchObject({ reads: 0 });
    await again.backend.stop();
  });

  /** Publishes events as other plugins do; those of tests are heard in one plugin only. */
  function eventsOf() {
    let events: EventsService | undefined;
    const feature = createBackendModule({
      pluginId: 'techdocs',
      moduleId: 'events',
      register: reg =>
        reg.registerInit({
          deps: { service: eventsServiceRef },
          async init({ service }) {
            events = service;
          },
        }),
    });
    return {
      feature,
      publish: (topic: string, eventPayload: unknown) =>
        events!.publish({ topic, eventPayload }),
    };
  }

  /** Says of each path who changed it, as a forge does. */
  const forges = createServiceFactory({
    service: forgesServiceRef,
    deps: {},
    factory: () => {
      const forge = {
        listCommits: async (_repository: unknown, query: { path?: string }) => [
          {
            author: { name: `Maya Okafor of ${query.path}` },
            authoredAt: '2026-01-02T03:04:05Z',
          },
        ],
      } as unknown as GitForge;
      const repository = { owner: 'fernway', name: 'orders' };
      return {
        forges: [forge],
        forUrl: () => ({ forge, repository }),
        get: () => forge,
      };
    },
  });

  async function publishedPage(): Promise<string> {
    const file = path.join(folder, 'published', path_, 'index.html');
    for (;;) {
      try {
        return await fs.readFile(file, 'utf8');
      } catch {
        // Not yet
        await new Promise(resolve => setTimeout(resolve, 50));
      }
    }
  }

  it.each([
    ['url', 'url:https://forge.example/Fernway/orders/src/branch/main/'],
    ['dir', 'dir:.'],
  ])(
    'builds docs when their repository is pushed to: %s',
    async (_type, techdocsRef) => {
      const { feature, publish } = eventsOf();
      const urlReader = mockServices.urlReader.mock();
      urlReader.readTree.mockImplementation(async () => {
        const directory = path.join(folder, `tree-${starts++}`);
        await fs.cp(path.join(folder, 'source'), directory, {
          recursive: true,
        });
        return {
          etag: 'commit',
          dir: async () => directory,
          files: async () => [],
          archive: () => Promise.reject(new Error('unused')),
        };
      });
      const { backend, get } = await start({
        techdocsRef,
        location:
          'url:https://forge.example/Fernway/orders/src/branch/main/catalog-info.yaml',
        features: [feature, urlReader.factory, forges],
      });
      const push = (url: string, ref = 'refs/heads/main') =>
        publish('gitea', { ref, repository: { html_url: url } });
      await push('https://forge.example/fernway/orders-archive');
      await push('https://elsewhere.example/fernway/orders');
      await push('https://forge.example/fernway/orders', 'refs/tags/v1');
      await publish('gitea', { action: 'opened' });
      await new Promise(resolve => setTimeout(resolve, 1500));
      expect(urlReader.readTree).not.toHaveBeenCalled();

      await push('https://forge.example/fernway/orders');
      await push('https://forge.example/fernway/orders');
      expect(await publishedPage()).toContain('<h1 id="orders">');
      expect(urlReader.readTree).toHaveBeenCalledTimes(1);
      expect(urlReader.readTree).toHaveBeenCalledWith(
        'https://forge.example/Fernway/orders/src/branch/main/',
        expect.anything(),
      );
      expect((await get(build, READER)).body).toMatchObject({
        state: 'built',
        changedAt: '2026-01-02T03:04:05.000Z',
        changedBy: 'Maya Okafor of docs',
      });
      const pages = `/api/techdocs/native/pages/${path_}`;
      expect((await get(pages, READER)).body).toMatchObject({
        updatedAt: '2026-01-02T03:04:05.000Z',
        updatedBy: 'Maya Okafor of docs/index.md',
      });
      await backend.stop();
      expect((await fs.readdir(folder)).sort()).toEqual([
        'published',
        'source',
      ]);
    },
  );

  it('builds docs when their entity is made or changed', async () => {
    const { feature, publish } = eventsOf();
    const { backend, get } = await start({ features: [feature] });
    await publish('waystone.catalog.entities', {
      changes: [
        { entityRef: 'component:default/gone', action: 'changed' },
        { entityRef: 'component:default/orders', action: 'created' },
      ],
    });
    expect(await publishedPage()).toContain('<h1 id="orders">');
    // The next reader finds it built
    const sync = await get(`/api/techdocs/sync/${path_}`, READER);
    expect(sync.text).toContain('"updated":false');
    await backend.stop();
  });

  it('draws diagrams once a server is named, though the docs have not changed', async () => {
    await fs.writeFile(
      path.join(folder, 'source/docs/index.md'),
      '# Orders\n\n```plantuml\na -> b\n```\n',
    );
    const page = path.join(folder, 'published', path_, 'index.html');
    const before = await start();
    await before.get(`/api/techdocs/sync/${path_}`, OWNER);
    await before.backend.stop();
    expect(await fs.readFile(page, 'utf8')).not.toContain('<figure');

    const kroki = http.createServer((_request, response) =>
      response.end('<svg xmlns="http://www.w3.org/2000/svg"></svg>'),
    );
    await new Promise<void>(resolve =>
      kroki.listen(0, '127.0.0.1', () => resolve()),
    );
    const { port } = kroki.address() as AddressInfo;
    const { backend, get } = await start({
      diagrams: { kroki: { url: `http://127.0.0.1:${port}` } },
    });
    const sync = await get(`/api/techdocs/sync/${path_}`, OWNER);
    await backend.stop();
    kroki.closeAllConnections();
    await new Promise(resolve => kroki.close(resolve));
    expect(sync.text).toContain('"updated":true');
    const [, picture] = /<figure class="diagram"><img src="([^"]+)"/.exec(
      await fs.readFile(page, 'utf8'),
    )!;
    expect(
      await fs.readFile(path.join(path.dirname(page), picture), 'utf8'),
    ).toContain('<svg');
  });
});
