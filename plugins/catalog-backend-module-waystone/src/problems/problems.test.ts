import { resolvePackagePath } from '@backstage/backend-plugin-api';
import {
  createMockDirectory,
  mockCredentials,
  mockErrorHandler,
  mockServices,
  TestDatabases,
} from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  entityProblemsResponseSchema,
  problemsResponseSchema,
} from '@waystone/plugin-catalog-overview-common';
import type { ProblemItem } from '@waystone/plugin-catalog-overview-common';
import express from 'express';
import type { Knex } from 'knex';
import request from 'supertest';
import { FakeForge } from '../testUtils/FakeForge';
import { applyWaystoneMigrations } from '../database/applyWaystoneMigrations';
import { ConflictRecorder } from './ConflictRecorder';
import { createProblemsRouter } from './createProblemsRouter';
import { EntityProblemsReader } from './EntityProblemsReader';
import { FixProposer } from './FixProposer';
import { ForgeFindings } from './ForgeFindings';
import { ProblemsReader } from './ProblemsReader';
import { SourceReader } from './SourceReader';
import { StacksReader } from './StacksReader';

jest.setTimeout(60_000);

const SHOP = 'component:default/shop';
const ORDERS = 'group:default/orders';

const GOOD_FILE = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: shop
  annotations:
    backstage.io/techdocs-ref: dir:.
    waystone.dev/tier: '1'
    waystone.dev/runbook: /docs/default/component/shop/runbook
spec:
  type: service
  lifecycle: production
  owner: orders
  system: ordering
`;

const MAYA: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'User',
  metadata: { name: 'maya.okafor', namespace: 'default' },
  spec: { profile: { displayName: 'Maya Okafor', email: 'maya@example.com' } },
};

describe('problems', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  const folder = createMockDirectory();
  let knex: Knex;
  let forge: FakeForge;
  const audit = { success: jest.fn(), fail: jest.fn() };

  /** An entity as the catalog has it after processing. */
  const add = async (
    ref: string,
    options: {
      fields?: Record<string, string>;
      owner?: string;
      relations?: [type: string, target: string][];
      errors?: string[];
      key?: string;
      due?: Date;
      parent?: string;
    } = {},
  ) => {
    const { owner } = options;
    await knex('refresh_state').insert({
      entity_id: ref,
      entity_ref: ref,
      unprocessed_entity: '{}',
      processed_entity: '{}',
      errors: JSON.stringify(
        (options.errors ?? []).map(message => ({
          name: 'InputError',
          message,
        })),
      ),
      location_key: options.key ?? null,
      next_update_at: options.due ?? new Date(Date.now() + 60_000),
      last_discovery_at: knex.fn.now(),
    });
    await knex('final_entities').insert({
      entity_id: ref,
      entity_ref: ref,
      hash: ref,
      final_entity: '{}',
      last_updated_at: new Date('2026-11-01T10:00:00Z'),
    });
    const search = Object.entries(options.fields ?? {});
    if (search.length > 0) {
      await knex('search').insert(
        search.map(([key, value]) => ({
          entity_id: ref,
          key: key.toLocaleLowerCase('en-US'),
          value: value.toLocaleLowerCase('en-US'),
          original_value: value,
        })),
      );
    }
    for (const [type, target] of [
      ...(owner ? [['ownedBy', owner]] : []),
      ...(options.relations ?? []),
    ]) {
      await knex('relations').insert({
        originating_entity_id: ref,
        source_entity_ref: ref,
        type,
        target_entity_ref: target,
      });
    }
    if (options.parent) {
      await knex('refresh_state_references').insert({
        source_entity_ref: options.parent,
        target_entity_ref: ref,
      });
    }
  };

  beforeEach(async () => {
    folder.setContent({ 'catalog-info.yaml': GOOD_FILE });
    forge = new FakeForge({ 'catalog-info.yaml': GOOD_FILE });
    jest.clearAllMocks();
    knex = await databases.init('POSTGRES_18');
    await knex.migrate.latest({
      directory: resolvePackagePath(
        '@backstage/plugin-catalog-backend',
        'migrations',
      ),
    });
    await add('group:default/orders');
    await add('system:default/ordering');
  });

  const COMPLETE = {
    'spec.type': 'service',
    'spec.system': 'ordering',
    'metadata.annotations.backstage.io/techdocs-ref': 'dir:.',
    'metadata.annotations.waystone.dev/tier': '1',
    'metadata.annotations.waystone.dev/runbook': '/docs/runbook',
  };

  const start = (
    options: {
      everybody?: boolean;
      owns?: string[];
      hidden?: boolean;
      mayFix?: boolean;
    } = {},
  ) => {
    const database = mockServices.database({ knex });
    const shop: Entity = {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: { name: 'shop', namespace: 'default' },
    };
    const problems = ProblemsReader.create({
      database,
      stacks: StacksReader.fromConfig(
        mockServices.rootConfig({
          data: {
            waystone: { catalog: { stacks: folder.resolve('stacks.yaml') } },
          },
        }),
        { logger: mockServices.logger.mock() },
      ),
      permissions: mockServices.permissions({
        result: options.everybody
          ? AuthorizeResult.ALLOW
          : AuthorizeResult.DENY,
      }),
      userInfo: mockServices.userInfo({
        ownershipEntityRefs: options.owns ?? [ORDERS],
      }),
    });
    const catalog = catalogServiceMock({
      entities: options.hidden ? [] : [shop, MAYA],
    });
    const logger = mockServices.logger.mock();
    const auditor = mockServices.auditor.mock();
    auditor.createEvent.mockResolvedValue(audit);
    const app = express();
    app.use(
      createProblemsRouter({
        auditor,
        fixes: new FixProposer({
          baseUrl: 'https://portal.example',
          catalog,
          database,
          forges: forge.service,
          permissions: mockServices.permissions({
            result:
              options.mayFix === false
                ? AuthorizeResult.DENY
                : AuthorizeResult.ALLOW,
          }),
          userInfo: mockServices.userInfo({
            userEntityRef: 'user:default/maya.okafor',
            ownershipEntityRefs: [ORDERS],
          }),
        }),
        httpAuth: mockServices.httpAuth(),
        problems,
        entityProblems: EntityProblemsReader.create({
          catalog,
          database,
          forge: new ForgeFindings({ forges: forge.service, logger }),
          logger,
          problems,
          source: new SourceReader({
            urlReader: mockServices.urlReader.mock({
              readUrl: async url => {
                if (FakeForge.keyOf('catalog-info.yaml') === `url:${url}`) {
                  const [{ files }] = forge.branches.get('main')!;
                  return {
                    buffer: async () => Buffer.from(files['catalog-info.yaml']),
                    etag: '',
                  };
                }
                if (url !== 'https://git.example/catalog-info.yaml') {
                  throw new Error('Reading from 10.0.0.1:443 is not allowed');
                }
                return {
                  buffer: async () =>
                    Buffer.from(GOOD_FILE.replace("'1'", 'gold')),
                  etag: '',
                };
              },
            }),
          }),
        }),
      }),
    );
    app.use(mockErrorHandler());
    return request(app);
  };

  const list = async (path = '', options: Parameters<typeof start>[0] = {}) => {
    const response = await start({ everybody: true, ...options }).get(
      `/waystone/problems${path}`,
    );
    expect(response.status).toBe(200);
    return problemsResponseSchema.parse(response.body);
  };
  const names = (items: readonly ProblemItem[]) =>
    items.map(({ entityRef, id }) => `${entityRef} ${id}`);

  it('finds nothing where nothing is wrong', async () => {
    await add(SHOP, {
      fields: { ...COMPLETE, 'metadata.links.url': 'https://example.com' },
      owner: ORDERS,
    });
    expect((await list()).items).toEqual([]);
  });

  it('finds what is missing, unusable, unknown, broken, orphaned and stuck', async () => {
    await add('component:default/bare', {
      fields: { 'spec.type': 'service' },
      owner: 'group:default/gone',
      relations: [['dependsOn', 'resource:default/gone']],
    });
    await add('component:default/library', {
      fields: { 'spec.type': 'library', 'spec.system': 'ordering' },
      owner: ORDERS,
    });
    await add(SHOP, {
      fields: {
        ...COMPLETE,
        'metadata.annotations.waystone.dev/tier': 'Gold',
        'metadata.annotations.waystone.dev/runbook': '//evil.example/x',
        'metadata.annotations.waystone.dev/on-call': 'http://oncall.example',
        'metadata.annotations.waystone.dev/stack': 'Java, some',
        'metadata.annotations.backstage.io/orphan': 'true',
        'metadata.links.url': ['java', 'script:alert(1)'].join(''),
      },
      owner: ORDERS,
      errors: ['nothing good'],
      due: new Date(Date.now() - 2 * 60 * 60 * 1000),
    });
    const { items, summary, totalItems } = await list();
    expect(names(items)).toEqual([
      'component:default/bare owner-unknown',
      'component:default/shop link-unsafe',
      'component:default/shop on-call-invalid',
      'component:default/shop processing-failed',
      'component:default/shop runbook-invalid',
      'component:default/shop stack-invalid',
      'component:default/shop tier-invalid',
      'component:default/bare docs-missing',
      'component:default/bare relation-unknown',
      'component:default/bare runbook-missing',
      'component:default/bare system-missing',
      'component:default/bare tier-missing',
      'component:default/library docs-missing',
      'component:default/shop orphaned',
      'component:default/shop stuck',
    ]);
    expect(totalItems).toBe(15);
    expect(summary).toEqual({
      errors: 7,
      warnings: 8,
      kinds: [{ kind: 'component', count: 15 }],
      owners: [
        { entityRef: ORDERS, count: 9 },
        { entityRef: 'group:default/gone', count: 6 },
      ],
      everybody: true,
    });
    expect(items.find(({ id }) => id === 'tier-invalid')).toMatchObject({
      message: expect.stringContaining("waystone.dev/tier can't be 'Gold'."),
      owners: [ORDERS],
    });
  });

  it('finds technologies on their way out, and names that two files claim', async () => {
    await applyWaystoneMigrations(knex);
    const key = 'url:https://git.example/a.yaml';
    await add(SHOP, {
      fields: {
        ...COMPLETE,
        'metadata.annotations.waystone.dev/stack': 'java@11.0.2',
      },
      owner: ORDERS,
      key,
    });
    await add('component:default/new', {
      fields: {
        ...COMPLETE,
        'metadata.annotations.waystone.dev/stack': 'java@110',
      },
      owner: ORDERS,
    });
    const conflicts = new ConflictRecorder({
      database: mockServices.database({ knex }),
      logger: mockServices.logger.mock(),
    });
    const conflict = {
      entityRef: 'Component:default/shop',
      newLocationKey: 'url:https://git.example/b.yaml',
      existingLocationKey: key,
    };
    await conflicts.record(conflict);
    await conflicts.record(conflict);
    await conflicts.record({ entityRef: 1 });
    folder.setContent({
      'stacks.yaml':
        'stacks: [{ name: java, title: Java, replacement: java@21, versions: [{ version: "11", state: end-of-life, date: 2026-10-31 }] }]',
    });
    const { items } = await list();
    expect(items).toEqual([
      expect.objectContaining({
        id: 'name-claimed',
        severity: 'error',
        message:
          'Two files claim its name, and the first one has it: https://git.example/a.yaml and https://git.example/b.yaml. Rename one of them.',
      }),
      expect.objectContaining({
        entityRef: SHOP,
        id: 'stack-end-of-life',
        severity: 'warning',
        message:
          'Java 11 gets no more security fixes since 2026-10-31. Move to java@21.',
      }),
    ]);
    await knex('waystone_conflicts').update({
      last_seen_at: new Date(Date.now() - 60 * 60_000),
    });
    expect(names((await list()).items)).toEqual([`${SHOP} stack-end-of-life`]);
  });

  it('filters and pages', async () => {
    await add('component:default/bare', {
      fields: { 'spec.type': 'service' },
      owner: ORDERS,
    });
    await add('api:default/bare-api', { owner: 'user:default/maya' });
    expect(names((await list('?kind=API')).items)).toEqual([
      'api:default/bare-api owner-unknown',
      'api:default/bare-api system-missing',
    ]);
    const errors = await list('?severity=error&q=BARE-');
    expect(names(errors.items)).toEqual(['api:default/bare-api owner-unknown']);
    expect(errors.summary).toMatchObject({ errors: 1, warnings: 5 });
    const mine = await list('?owner=Group:Default/Orders&limit=3');
    expect(mine).toMatchObject({
      totalItems: 4,
      pageInfo: { nextCursor: '3' },
    });
    const rest = await list('?owner=group:default/orders&limit=3&cursor=3');
    expect(names(rest.items)).toEqual(['component:default/bare tier-missing']);
    expect(rest.pageInfo).toEqual({});
    expect((await list("?q=';drop table relations;--")).items).toEqual([]);
  });

  it('shows others only what they own, and locations to the owners of what they bring', async () => {
    await add('location:default/generated-1', {
      errors: ['YAML error'],
      key: 'url:https://git.example/catalog-info.yaml',
    });
    await add(SHOP, {
      fields: COMPLETE,
      owner: ORDERS,
      parent: 'location:default/generated-1',
    });
    await add('component:default/other', {
      fields: { ...COMPLETE, 'spec.type': 'library', 'spec.system': '' },
      owner: 'group:default/fulfilment',
      errors: ['secret of others'],
    });
    const own = await list('', { everybody: false });
    expect(names(own.items)).toEqual([
      'location:default/generated-1 processing-failed',
    ]);
    expect(own.items[0].subjectRef).toBe(SHOP);
    expect(own.summary).toMatchObject({
      everybody: false,
      owners: [{ entityRef: ORDERS, count: 1 }],
    });
    expect(JSON.stringify(own)).not.toContain('other');
    const mine = await list('?mine=true', {
      owns: ['group:default/fulfilment'],
    });
    expect(names(mine.items)).toContain(
      'component:default/other processing-failed',
    );
    expect(JSON.stringify(mine)).not.toContain('shop');
    const nobody = await list('', { everybody: false, owns: ['user:a/b'] });
    expect(nobody).toMatchObject({ totalItems: 0, items: [] });
  });

  const path = '/waystone/problems/component/default/shop';

  const read = async (options: Parameters<typeof start>[0] = {}) => {
    const response = await start(options).get(path);
    expect(response.status).toBe(200);
    return entityProblemsResponseSchema.parse(response.body);
  };

  const addShop = async (key: string) => {
    await add('location:default/root', { key });
    await add('location:default/generated-1', {
      errors: ['YAML error at the place'],
      key,
      parent: 'location:default/root',
    });
    await add(SHOP, {
      fields: COMPLETE,
      owner: ORDERS,
      parent: 'location:default/generated-1',
      key,
    });
  };
  const file = () => `file:${folder.resolve('catalog-info.yaml')}`;

  it('says the line, the column and the patch to the owner, and that an older version is shown', async () => {
    await addShop(file());
    folder.setContent({
      'catalog-info.yaml': GOOD_FILE.replace("'1'", '1'),
    });
    const found = await read();
    expect(found).toEqual({
      allowed: true,
      outdated: true,
      shownSince: '2026-11-01T10:00:00.000Z',
      broken: { since: expect.any(String) },
      proposal: {
        possible: false,
        reason: 'Its file is on the disk of the portal, not in a repository.',
      },
      items: [
        expect.objectContaining({
          id: 'annotation-invalid',
          severity: 'error',
          file: 'catalog-info.yaml',
          line: 7,
          column: 24,
          diff: {
            line: 7,
            removed: ['    waystone.dev/tier: 1'],
            added: ["    waystone.dev/tier: '1'"],
          },
        }),
      ],
    });
  });

  it('says where the YAML is broken', async () => {
    await addShop(file());
    folder.setContent({ 'catalog-info.yaml': `${GOOD_FILE}  bad: "x\n` });
    const { items, outdated } = await read();
    expect(outdated).toBe(true);
    expect(items).toMatchObject([{ id: 'yaml-syntax', line: 15, column: 1 }]);
  });

  it("repeats the catalog's own error where the file is fine", async () => {
    await addShop(file());
    const { items } = await read({ everybody: true, owns: [] });
    expect(items).toMatchObject([
      {
        id: 'processing-failed',
        message: 'YAML error at the place',
        entityRef: 'location:default/generated-1',
      },
    ]);
  });

  it('tells nobody else', async () => {
    await addShop(file());
    // But that it is not the newest version
    expect(await read({ owns: ['group:default/fulfilment'] })).toEqual({
      allowed: false,
      items: [],
      outdated: true,
      shownSince: '2026-11-01T10:00:00.000Z',
    });
    expect((await start({ hidden: true }).get(path)).status).toBe(404);
  });

  it('reads addresses as the catalog does, and never says why it may not', async () => {
    await addShop('url:https://git.example/catalog-info.yaml');
    const { items } = await read();
    expect(items).toContainEqual(
      expect.objectContaining({ id: 'tier-invalid', line: 7 }),
    );
    await knex('refresh_state')
      .where({ entity_ref: SHOP })
      .update({ location_key: 'url:http://169.254.169.254/latest' });
    const refused = await read();
    expect(refused.unreadable).toBe('The file could not be read.');
    expect(JSON.stringify(refused)).not.toContain('10.0.0.1');
  });

  it('opens no file that an address has named', async () => {
    await addShop(file());
    await knex('refresh_state')
      .where({ entity_ref: 'location:default/root' })
      .update({ location_key: 'url:https://git.example/catalog-info.yaml' });
    folder.setContent({ 'catalog-info.yaml': 'root:x:0:0' });
    const { items } = await read();
    expect(items.map(({ id }) => id)).toEqual(['processing-failed']);
  });

  describe('of a file on a forge', () => {
    const BROKEN = GOOD_FILE.replace("'1'", '1');
    const propose = (
      fixId: string,
      options: Parameters<typeof start>[0] = {},
    ) => start(options).post(`${path}/pull-request`).send({ fixId });
    const broken = async () => {
      await addShop(FakeForge.keyOf('catalog-info.yaml'));
      forge.push({ 'catalog-info.yaml': BROKEN }, '2026-11-02T08:00:00Z');
      forge.push(
        { 'catalog-info.yaml': `${BROKEN}# note\n` },
        '2026-11-03T08:00:00Z',
      );
      const response = await read();
      return { response, fixId: response.items[0].fixId! };
    };

    it('says since when it is broken, by which commit, and which version is shown', async () => {
      const { response } = await broken();
      expect(response).toMatchObject({
        outdated: true,
        broken: {
          since: '2026-11-02T08:00:00Z',
          by: { sha: 'main-2', author: 'Maya Okafor' },
          shown: { sha: 'main-1', at: '2026-11-01T09:00:00Z' },
        },
        proposal: {
          possible: true,
          repository: 'fernway/shop',
          path: 'catalog-info.yaml',
          branch: 'main',
        },
      });
    });

    it('opens one pull request, on behalf of the person, however often it is asked', async () => {
      const { fixId } = await broken();
      const first = await propose(fixId);
      expect(first.status).toBe(201);
      expect(first.body).toEqual({
        number: 1,
        title: expect.stringContaining('(catalog-info.yaml)'),
        url: 'https://git.example/fernway/shop/pulls/1',
        created: true,
      });
      expect(forge.commits).toEqual([
        expect.objectContaining({
          from: 'main',
          expectedBase: 'main-3',
          changes: [
            { path: 'catalog-info.yaml', content: `${GOOD_FILE}# note\n` },
          ],
          message: expect.stringMatching(
            /Co-authored-by: Maya Okafor <maya@example.com>\nOn-behalf-of: user:default\/maya.okafor$/,
          ),
        }),
      ]);
      expect(forge.pulls[0].body).toContain('`catalog-info.yaml`, line 7');
      expect(forge.pulls[0].body).toContain("+     waystone.dev/tier: '1'");
      expect(forge.pulls[0].body).toContain(
        'https://portal.example/catalog/default/component/shop',
      );
      expect(audit.success).toHaveBeenCalledWith({
        meta: expect.objectContaining({ number: 1, created: true }),
      });

      const second = await propose(fixId);
      expect(second.status).toBe(200);
      expect(second.body).toMatchObject({ number: 1, created: false });
      expect((await read()).items[0].pullRequest).toMatchObject({ number: 1 });
      // What a process that died in between leaves
      forge.pulls.length = 0;
      expect((await propose(fixId)).body).toMatchObject({ created: true });
      expect(forge.commits).toHaveLength(1);
    });

    it('proposes nothing for a text that is another one by now', async () => {
      const { fixId } = await broken();
      forge.push(
        { 'catalog-info.yaml': `# new\n${BROKEN}` },
        '2026-11-04T08:00:00Z',
      );
      const response = await propose(fixId);
      expect(response.status).toBe(409);
      expect(response.body.error.message).toContain('has changed since');
      expect(forge.pulls).toEqual([]);
      expect(audit.fail).toHaveBeenCalledTimes(1);
    });

    it('is for owners and platform engineers', async () => {
      const { fixId } = await broken();
      expect((await propose(fixId, { mayFix: false })).status).toBe(403);
      expect((await propose(fixId, { hidden: true })).status).toBe(404);
      expect((await propose('../..')).status).toBe(400);
      const stranger = await propose(fixId).set(
        'Authorization',
        mockCredentials.none.header(),
      );
      expect(stranger.status).toBe(401);
      expect(forge.pulls).toEqual([]);
      expect(audit.fail).toHaveBeenCalledTimes(2);
    });

    it('keeps the problems while the forge is down', async () => {
      await broken();
      forge.down = new Error('ECONNREFUSED 10.0.0.1');
      const found = await read();
      expect(found.items).toMatchObject([
        { id: 'annotation-invalid', line: 7 },
      ]);
      expect(found.proposal).toEqual({
        possible: false,
        reason: 'The Git server does not answer. Try again later.',
      });
    });

    it('says of a file on disk why there is no pull request', async () => {
      await addShop(file());
      const response = await propose('0123456789abcdef');
      expect(response.status).toBe(400);
      expect(response.body.error.message).toContain(
        'on the disk of the portal',
      );
    });
  });

  it('refuses bad input and strangers', async () => {
    for (const query of ['severity=fatal', 'limit=9999', 'cursor=-1']) {
      const response = await start().get(`/waystone/problems?${query}`);
      expect(response.status).toBe(400);
      expect(response.body.error.message).toContain(query.split('=')[0]);
    }
    for (const url of ['/waystone/problems', path]) {
      const stranger = await start()
        .get(url)
        .set('Authorization', mockCredentials.none.header());
      expect(stranger.status).toBe(401);
    }
  });
});
