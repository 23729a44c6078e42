import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
  TestDatabases,
} from '@backstage/backend-test-utils';
import techdocsPlugin from '@backstage/plugin-techdocs-backend';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import request from 'supertest';
import techdocsModuleNative from './index';

jest.setTimeout(120_000);

const OWNER = 'user:default/maya';
const READER = 'user:default/noah';

describe('the native TechDocs module', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let folder: string;
  let starts = 0;

  beforeEach(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'techdocs-native-'));
    await fs.mkdir(path.join(folder, 'source/docs'), { recursive: true });
    await fs.writeFile(
      path.join(folder, 'source/docs/index.md'),
      '# Orders\n\n[gone](gone.md)\n',
    );
  });
  afterEach(() => fs.rm(folder, { recursive: true, force: true }));

  async function start() {
    const knex = await databases.init('POSTGRES_18');
    const entity = {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: {
        name: 'orders',
        namespace: 'default',
        // TechDocs looks at the source of one entity once a minute
        uid: `${folder}-${starts++}`,
        annotations: {
          'backstage.io/techdocs-ref': 'dir:.',
          'backstage.io/managed-by-location': `file:${folder}/source/catalog-info.yaml`,
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
        mockServices.rootConfig.factory({
          data: {
            backend: { baseUrl: 'http://localhost:7007' },
            app: { baseUrl: 'http://localhost:3000' },
            techdocs: {
              builder: 'local',
              generator: { runIn: 'local' },
              publisher: {
                type: 'local',
                local: { publishDirectory: path.join(folder, 'published') },
              },
              native: {
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
    return { backend, server: backend.server, get };
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
    expect((await get(url, OWNER)).body).toMatchObject({
      helpful: 0,
      unhelpful: 1,
      items: [{ page: '/a', comment: 'Too short', userRef: READER }],
    });
    await backend.stop();
  });
});
