import { resolvePackagePath } from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockErrorHandler,
  mockServices,
  TestDatabases,
} from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { PermissionCriteria } from '@backstage/plugin-permission-common';
import type { EntitiesSearchFilter } from '@backstage/plugin-catalog-node';
import { catalogEntityPermissionResourceRef } from '@backstage/plugin-catalog-node/alpha';
import { createPermissionRule } from '@backstage/plugin-permission-node';
import { searchQuerySchema } from '@waystone/plugin-search-common';
import type {
  SearchQueryInput,
  SearchResponse,
} from '@waystone/plugin-search-common';
import express from 'express';
import type { Knex } from 'knex';
import request from 'supertest';
import { z } from 'zod';
import { EntityChanges } from '../changes/EntityChanges';
import { applyWaystoneMigrations } from '../database/applyWaystoneMigrations';
import { createSearchRouter } from './createSearchRouter';
import { SearchIndex } from './SearchIndex';
import { VisibleEntities } from '../visibility/VisibleEntities';
import { SearchReader } from './SearchReader';
import { readExamples } from './testUtils/readExamples';

jest.setTimeout(120_000);

const hasValue = createPermissionRule({
  name: 'HAS_VALUE',
  description: 'A field has a value',
  resourceRef: catalogEntityPermissionResourceRef,
  paramsSchema: z.object({
    key: z.string(),
    values: z.array(z.string()).optional(),
  }),
  apply: () => true,
  toQuery: ({ key, values }): EntitiesSearchFilter => ({ key, values }),
});

const condition = (key: string, ...values: string[]) => ({
  rule: 'HAS_VALUE',
  resourceType: 'catalog-entity',
  params: { key, ...(values.length > 0 ? { values } : {}) },
});

function createEntity(ref: string, more: Partial<Entity> = {}): Entity {
  const [kind, name] = ref.split(':default/');
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    ...more,
    metadata: { namespace: 'default', name, ...more.metadata },
  };
}

describe('search', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  const running: EntityChanges[] = [];
  let knex: Knex;
  let decision: object = { result: AuthorizeResult.ALLOW };

  const database = () => ({ getClient: async () => knex });
  const permissions = mockServices.permissions.mock({
    authorizeConditional: async () => [decision as never],
  });
  const permissionsRegistry = mockServices.permissionsRegistry.mock({
    getPermissionRuleset: () => ({ getRuleByName: () => hasValue as never }),
  });

  const createReplica = () => {
    const logger = mockServices.logger.mock();
    const index = SearchIndex.create({ database: database(), logger });
    const reader = SearchReader.create({
      database: database(),
      index,
      visible: new VisibleEntities({ permissions, permissionsRegistry }),
    });
    return { index, reader, logger };
  };

  const start = async () => {
    knex = await databases.init('POSTGRES_18');
    await knex.migrate.latest({
      directory: resolvePackagePath(
        '@backstage/plugin-catalog-backend',
        'migrations',
      ),
    });
    await applyWaystoneMigrations(knex);
    return createReplica();
  };

  const follow = async (...replicas: { index: SearchIndex }[]) => {
    for (const { index } of replicas) {
      const changes = EntityChanges.create({
        database: database(),
        logger: mockServices.logger.mock(),
      });
      changes.subscribe(index.consumer());
      running.push(changes);
      await changes.start();
    }
  };

  /** As the catalog's stitcher writes. */
  const write = async (...entities: Entity[]) => {
    for (const entity of entities) {
      const ref = stringifyEntityRef(entity);
      const text = JSON.stringify(entity);
      await knex('refresh_state')
        .insert({
          entity_id: ref,
          entity_ref: ref,
          unprocessed_entity: '{}',
          errors: '[]',
          next_update_at: knex.fn.now(),
          last_discovery_at: knex.fn.now(),
        })
        .onConflict('entity_ref')
        .ignore();
      await knex('final_entities')
        .insert({
          entity_id: ref,
          entity_ref: ref,
          final_entity: text,
          hash: knex.raw('md5(?)', [text]),
        })
        .onConflict('entity_id')
        .merge(['final_entity', 'hash']);
      const owner = entity.relations?.[0]?.targetRef;
      await knex('search').where({ entity_id: ref }).delete();
      await knex('search').insert([
        { entity_id: ref, key: 'kind', value: entity.kind.toLowerCase() },
        ...(owner
          ? [{ entity_id: ref, key: 'relations.ownedby', value: owner }]
          : []),
      ]);
      await knex('relations').where({ source_entity_ref: ref }).delete();
      if (owner) {
        await knex('relations').insert({
          originating_entity_id: ref,
          source_entity_ref: ref,
          type: 'ownedBy',
          target_entity_ref: owner,
        });
      }
    }
  };

  /** Until everything that changed is in the index. */
  const settled = async () => {
    for (;;) {
      // In this order: both come into being at once
      const consumers = await knex('waystone_change_consumers').count();
      const waiting = await knex('waystone_change_deliveries').count();
      if (consumers[0].count !== '0' && waiting[0].count === '0') {
        return;
      }
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  };

  const ask = (
    reader: SearchReader,
    query: SearchQueryInput,
  ): Promise<SearchResponse> =>
    reader.search(searchQuerySchema.parse(query), mockCredentials.user());

  const titles = async (reader: SearchReader, query: SearchQueryInput) =>
    (await ask(reader, query)).items.map(({ title }) => title);

  afterEach(async () => {
    decision = { result: AuthorizeResult.ALLOW };
    await Promise.all(running.splice(0).map(changes => changes.stop()));
  });

  describe('in the example organisation', () => {
    let reader: SearchReader;

    beforeAll(async () => {
      const replica = await start();
      reader = replica.reader;
      await write(
        ...readExamples(),
        createEntity('Component:default/techdocs', {
          metadata: { name: 'techdocs', description: 'Docs like code' },
        }),
        createEntity('Group:default/team', { metadata: { name: 'team' } }),
      );
      await follow(replica);
      await settled();
      await replica.index.put('docs', {
        run: 'one',
        last: true,
        documents: [
          {
            title: 'Roll back a release',
            text: 'Choose the last healthy revision, then wait for the rollout.',
            location:
              '/docs/default/component/order-service/runbook/#roll-back',
            entityRef: 'component:default/order-service',
          },
          {
            title: 'Order states',
            text: 'An order is placed, paid, packed and dispatched.',
            location:
              '/docs/default/component/order-service/architecture/#states',
            entityRef: 'component:default/order-service',
          },
          {
            title: 'Orders',
            text: 'What the service knows of orders.',
            location: '/docs/default/component/order-service/data-model/',
            entityRef: 'Component:default/order-service',
          },
          {
            title: 'Nobody may see this',
            text: 'Docs of something that is not in the catalog',
            location: '/docs/default/component/gone/',
            entityRef: 'component:default/gone',
          },
        ],
      });
      await Promise.all(running.splice(0).map(changes => changes.stop()));
    });

    it.each([
      // The exact name, however it is written
      ['order-service', 'order-service'],
      ['ORDER-SERVICE', 'order-service'],
      ['orderService', 'order-service'],
      ['order_service', 'order-service'],
      ['order.service', 'order-service'],
      ['order service', 'order-service'],
      ['orderservice', 'order-service'],
      ['component:default/order-service', 'order-service'],
      ['storefront', 'Storefront'],
      ['orders', 'Orders'],
      ['shop-web', 'shop-web'],
      ['java-service-kit', 'java-service-kit'],
      ['design-system', 'design-system'],
      // The beginning of it
      ['order', 'order-service'],
      ['order-s', 'order-service'],
      ['order-serv', 'order-service'],
      ['orderServ', 'order-service'],
      ['inven', 'inventory-service'],
      ['paym', 'payment-service'],
      ['ware', 'warehouse-web'],
      ['tech', 'techdocs'],
      ['team', 'team'],
      // Words and their beginnings, in any order
      ['service order', 'order-service'],
      ['gateway', 'shop-gateway'],
      ['mailer', 'legacy-mailer'],
      ['kit', 'java-service-kit'],
      ['forecast', 'demand-forecast'],
      ['ord serv', 'order-service'],
      ['serv ord', 'order-service'],
      ['orders team', 'Orders'],
      ['orders database', 'orders-database'],
      ['okafor', 'Maya Okafor'],
      // Letters within the name, and abbreviations
      ['ordersrv', 'order-service'],
      ['ordsvc', 'order-service'],
      ['hipping', 'shipping-service'],
      // Typing errors
      ['oder-service', 'order-service'],
      ['order-servcie', 'order-service'],
      ['ordr-service', 'order-service'],
      ['ordr-servcie', 'order-service'],
      ['notifcation-servcie', 'notification-service'],
      ['orderr service', 'order-service'],
      ['inventroy', 'inventory-service'],
      ['payement-service', 'payment-service'],
      ['recomendation', 'recommendation-service'],
      ['notifcation-service', 'notification-service'],
      ['storfront', 'Storefront'],
      ['Maya Okafr', 'Maya Okafor'],
      // People
      ['maya', 'Maya Okafor'],
      ['maya.okafor', 'Maya Okafor'],
      ['tomas herrera', 'Tomás Herrera'],
      ['Tomás', 'Tomás Herrera'],
      // APIs and their operations
      ['orders-api', 'orders-api'],
      ['POST /orders', 'POST /orders'],
      ['post orders', 'POST /orders'],
      ['GET /orders/{orderId}', 'GET /orders/{orderId}'],
      ['/orders', 'GET /orders'],
      ['query product', 'query product'],
      ['channel order-events', 'channel order-events'],
      // Docs by their headings and their words
      ['roll back', 'Roll back a release'],
      ['order states', 'Order states'],
      ['healthy revision', 'Roll back a release'],
    ])('%p finds %p first', async (q, first) => {
      expect((await titles(reader, { q }))[0]).toBe(first);
      expect((await titles(reader, { q, perGroup: 5 }))[0]).toBe(first);
    });

    it('does not put a team above techdocs for their common letters', async () => {
      const found = await titles(reader, { q: 'tech' });
      expect(found[0]).toBe('techdocs');
      expect(found).not.toContain('team');
    });

    it('filters by group, kind and owner', async () => {
      const [services, docs, operations, owned] = await Promise.all([
        ask(reader, { q: 'orders', group: 'people' }),
        ask(reader, { q: 'orders', group: 'docs' }),
        ask(reader, { q: 'orders', kind: 'operation' }),
        ask(reader, { q: 'service', owner: 'group:default/orders' }),
      ]);
      expect(services.items.map(({ kind }) => kind)).toContain('group');
      expect(new Set(docs.items.map(({ type }) => type))).toEqual(
        new Set(['docs']),
      );
      expect(operations.items.map(({ title }) => title)).toContain(
        'GET /orders',
      );
      expect(operations.items[0]).toMatchObject({
        kind: 'operation',
        entityRef: 'api:default/orders-api',
        location: '/catalog/default/api/orders-api/definition',
      });
      expect(owned.totalItems).toBeGreaterThan(1);
      expect(
        owned.items.every(({ owner }) => owner === 'group:default/orders'),
      ).toBe(true);
    });

    it('lists by filters alone, in pages that have everything once', async () => {
      const all = await titles(reader, { kind: 'component', limit: 100 });
      const paged: string[] = [];
      let cursor: string | undefined = '0';
      while (cursor) {
        const page: SearchResponse = await ask(reader, {
          kind: 'component',
          limit: 6,
          cursor,
        });
        expect(page.totalItems).toBe(all.length);
        paged.push(...page.items.map(({ title }) => title));
        cursor = page.pageInfo.nextCursor;
      }
      expect(paged).toEqual(all);
      expect(new Set(paged).size).toBe(all.length);
      expect((await ask(reader, {})).items).toEqual([]);
    });

    it('shows the part of a text that was asked for', async () => {
      const { items } = await ask(reader, { q: 'healthy revision' });
      expect(items[0]).toMatchObject({
        excerpt: 'Choose the last healthy revision, then wait for the rollout.',
        owner: 'group:default/orders',
      });
    });

    it('knows nothing of docs without an entity', async () => {
      expect(await titles(reader, { q: 'nobody may see this' })).toEqual([]);
    });

    it.each([
      ['10,000 letters', 'x'.repeat(10_000)],
      ['10,000 words', 'service '.repeat(1_250)],
      ['a regular expression', '(a+)+$ .*[^\\]{9999}|(?:x*)*'],
      ['SQL', `'; drop table waystone_search_documents; --`],
      ['a pattern', '%_%_%_%\\'],
      ['a query of full text', `'a':* & !b | (c <-> d)`],
      ['NUL', 'order\0-service\0'],
      ['emoji', '🚀🚀👩‍💻 order'],
      ['half a character', '\ud83d'],
      ['nothing but signs', '-- / {} ??'],
      ['a question mark', '?::text ? $1'],
    ])('is not hurt by %s', async (_, q) => {
      const result = await ask(reader, { q });
      expect(result.totalItems).toBeLessThan(500);
      expect((await titles(reader, { q: 'order-service' }))[0]).toBe(
        'order-service',
      );
    });

    describe('with a conditional decision', () => {
      const decide = (
        conditions: PermissionCriteria<ReturnType<typeof condition>>,
      ) => {
        decision = {
          result: AuthorizeResult.CONDITIONAL,
          pluginId: 'catalog',
          resourceType: 'catalog-entity',
          conditions,
        };
      };

      it('has neither the entity, its operations, its docs nor their count', async () => {
        decide({ not: condition('relations.ownedBy', 'group:default/Orders') });
        for (const q of ['order-service', 'POST /orders', 'roll back']) {
          const { items, totalItems } = await ask(reader, { q });
          expect(items.map(({ owner }) => owner)).not.toContain(
            'group:default/orders',
          );
          expect(totalItems).toBe(items.length);
        }
        const { totalItems } = await ask(reader, { kind: 'component' });
        decide({
          anyOf: [condition('relations.ownedBy', 'group:default/orders')],
        });
        const own = await ask(reader, { kind: 'component' });
        decision = { result: AuthorizeResult.ALLOW };
        const all = await ask(reader, { kind: 'component' });
        expect(own.totalItems).toBe(4);
        expect(totalItems + own.totalItems).toBe(all.totalItems);
      });

      it('combines conditions', async () => {
        decide({
          allOf: [
            condition('kind', 'api', 'group'),
            condition('relations.ownedby'),
          ],
        });
        const { items } = await ask(reader, { q: 'orders' });
        expect(items[0].title).toBe('orders-api');
        expect(items.map(({ kind }) => kind)).not.toContain('group');
      });

      it('has nothing for whom may see nothing', async () => {
        decision = { result: AuthorizeResult.DENY };
        expect(await ask(reader, { q: 'order-service' })).toEqual({
          items: [],
          totalItems: 0,
          more: false,
          pageInfo: {},
        });
      });
    });
  });

  it('follows the catalog: created, renamed, deleted, with two replicas', async () => {
    const one = await start();
    const two = createReplica();
    await write(createEntity('Component:default/before'));
    await follow(one, two);
    await settled();
    expect(await titles(one.reader, { q: 'before' })).toEqual(['before']);

    await write(
      createEntity('API:default/things', {
        spec: {
          type: 'openapi',
          definition: JSON.stringify({ paths: { '/a': { get: {}, put: {} } } }),
        },
      }),
    );
    await settled();
    expect(await titles(two.reader, { q: '/a' })).toEqual(['GET /a', 'PUT /a']);

    await write(
      createEntity('API:default/things', {
        metadata: { name: 'things', title: 'Wonders' },
        spec: {
          type: 'openapi',
          definition: JSON.stringify({ paths: { '/b': { get: {} } } }),
        },
      }),
    );
    await settled();
    expect(await titles(one.reader, { q: '/a' })).toEqual([]);
    expect(await titles(one.reader, { q: 'wonders', kind: 'api' })).toEqual([
      'Wonders',
    ]);
    expect(await knex('waystone_search_documents').count()).toEqual([
      { count: '3' },
    ]);

    // At once, not after the index has heard of it
    await knex('refresh_state')
      .where({ entity_ref: 'api:default/things' })
      .delete();
    expect(await titles(one.reader, { q: 'wonders' })).toEqual([]);
    await settled();
    expect(await knex('waystone_search_documents').count()).toEqual([
      { count: '1' },
    ]);
  });

  it('replaces what a collator brought before, and keeps the rest', async () => {
    const { index, reader } = await start();
    const document = (name: string) => ({
      title: `Page ${name}`,
      text: 'words',
      location: `/${name}`,
    });
    await index.put('docs', {
      run: 'one',
      last: false,
      documents: [document('a')],
    });
    await index.put('docs', {
      run: 'one',
      last: true,
      documents: [document('b'), document('b')],
    });
    await index.put('others', {
      run: 'x',
      last: true,
      documents: [document('c')],
    });
    expect(await titles(reader, { q: 'page' })).toEqual(['Page a', 'Page b']);
    await index.put('docs', {
      run: 'two',
      last: true,
      documents: [document('b')],
    });
    expect(await titles(reader, { q: 'page' })).toEqual(['Page b']);
    expect(await titles(reader, { q: 'page', types: 'docs,others' })).toEqual([
      'Page b',
      'Page c',
    ]);
  });

  it('finds all but typing errors where the extension may not be made', async () => {
    const replica = await start();
    await knex.raw('drop extension if exists pg_trgm cascade');
    const raw = knex.raw.bind(knex);
    const refusing = new Proxy(knex, {
      get: (target, property) =>
        property === 'raw'
          ? (sql: string, bindings: Knex.RawBinding[] = []) =>
              sql.startsWith('create extension')
                ? Promise.reject(new Error('permission denied'))
                : raw(sql, bindings)
          : Reflect.get(target, property),
    });
    const index = SearchIndex.create({
      database: { getClient: async () => refusing },
      logger: replica.logger,
    });
    const reader = SearchReader.create({
      database: database(),
      index,
      visible: new VisibleEntities({ permissions, permissionsRegistry }),
    });
    await write(createEntity('Component:default/order-service'));
    await follow({ index });
    await settled();
    expect(await titles(reader, { q: 'orderServ' })).toEqual(['order-service']);
    expect(await titles(reader, { q: 'oder-service' })).toEqual([]);
    expect(replica.logger.warn).toHaveBeenCalledWith(
      expect.stringMatching(/permission denied.*create extension pg_trgm/),
    );
  });

  describe('over HTTP', () => {
    const createApp = async (actor?: string) => {
      const { index, reader } = await start();
      const app = express();
      app.use(
        createSearchRouter({
          auth: mockServices.auth(),
          httpAuth: actor
            ? mockServices.httpAuth.mock({
                credentials: async () =>
                  actor.startsWith('plugin:')
                    ? (mockCredentials.service(actor) as never)
                    : ({
                        ...mockCredentials.user(),
                        principal: {
                          type: 'user',
                          userEntityRef: 'user:default/mock',
                          actor: { type: 'service', subject: 'plugin:search' },
                        },
                      } as never),
              })
            : mockServices.httpAuth(),
          index,
          reader,
        }),
      );
      app.use(mockErrorHandler());
      return app;
    };
    const body = {
      run: 'one',
      last: true,
      documents: [{ title: 'Title', text: 'Text', location: '/x' }],
    };

    it('wants a sign-in, a valid question and nothing of other plugins', async () => {
      const app = await createApp();
      const get = (path: string, header = mockCredentials.user.header()) =>
        request(app).get(path).set('authorization', header);
      expect(
        (await get('/waystone/search', mockCredentials.none.header())).status,
      ).toBe(401);
      expect((await get('/waystone/search?q=title')).body).toEqual({
        items: [],
        totalItems: 0,
        more: false,
        pageInfo: {},
      });
      const invalid = await get('/waystone/search?q=x&limit=1000');
      expect(invalid.status).toBe(400);
      expect(invalid.body.error.message).toMatch(/'limit'/);
      expect((await get('/waystone/search?q=x&types=others')).status).toBe(403);
      expect(
        (
          await request(app)
            .post('/waystone/search/documents/others')
            .set('authorization', mockCredentials.user.header())
            .send(body)
        ).status,
      ).toBe(403);
    });

    it('takes documents from the search plugin alone, and none of entities', async () => {
      const other = await createApp('plugin:techdocs');
      expect(
        (await request(other).post('/waystone/search/documents/a').send(body))
          .status,
      ).toBe(403);
      const app = await createApp('plugin:search');
      const post = (type: string, sent: object = body) =>
        request(app).post(`/waystone/search/documents/${type}`).send(sent);
      expect((await post('entity')).status).toBe(400);
      expect((await post('others', { run: 'x' })).status).toBe(400);
      expect((await post('others')).status).toBe(204);
    });

    it('answers the search plugin, for a user, of other types too', async () => {
      const app = await createApp('for a user');
      const { status } = await request(app).get(
        '/waystone/search?q=title&types=others',
      );
      expect(status).toBe(200);
    });
  });
});
