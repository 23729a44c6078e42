import {
  mockCredentials,
  mockErrorHandler,
  mockServices,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { catalogEntityPermissionResourceRef } from '@backstage/plugin-catalog-node/alpha';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { PolicyDecision } from '@backstage/plugin-permission-common';
import { createPermissionRule } from '@backstage/plugin-permission-node';
import {
  listingProblemsResponseSchema,
  listingResponseSchema,
  listingValuesResponseSchema,
} from '@waystone/plugin-catalog-overview-common';
import express from 'express';
import type { Knex } from 'knex';
import request from 'supertest';
import { z } from 'zod';
import { ProblemsReader } from '../problems/ProblemsReader';
import { createListingRouter } from './createListingRouter';
import { ListingReader } from './ListingReader';
import { fillListing, ListingTable, migrateListing } from './ListingTable';
import { VisibleEntities } from '../visibility/VisibleEntities';

jest.setTimeout(60_000);

const ORDERS = 'group:default/orders';
const SALES = 'group:default/sales';

/** A rule with all that a filter can be. */
const isOwned = createPermissionRule({
  name: 'IS_OWNED',
  description: 'Owned by somebody, or of a kind, or with an owner',
  resourceRef: catalogEntityPermissionResourceRef,
  paramsSchema: z.object({
    owner: z.string().optional(),
    kind: z.string().optional(),
  }),
  apply: () => true,
  toQuery: ({ kind, owner }) => {
    if (kind) {
      return { key: 'Kind', values: [kind] };
    }
    return owner
      ? { key: 'relations.ownedBy', values: [owner.toUpperCase()] }
      : { key: 'relations.ownedBy' };
  },
});

interface Given {
  readonly title?: string;
  readonly displayName?: string;
  readonly type?: string;
  readonly lifecycle?: string;
  readonly owner?: string;
  readonly alsoOwner?: string;
  readonly system?: string;
  readonly tags?: unknown;
  readonly annotations?: Record<string, string>;
  readonly definition?: string;
}

describe('listing', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let knex: Knex;

  /** An entity as the catalog has it after stitching. */
  const stitch = async (ref: string, given: Given = {}) => {
    const [kind, name] = ref.split(':default/');
    const relations = [
      ...(given.owner ? [{ type: 'ownedBy', targetRef: given.owner }] : []),
      ...(given.alsoOwner
        ? [{ type: 'ownedBy', targetRef: given.alsoOwner }]
        : []),
      ...(given.system ? [{ type: 'partOf', targetRef: given.system }] : []),
    ];
    const entity = {
      kind,
      metadata: {
        name,
        title: given.title,
        tags: given.tags,
        annotations: given.annotations,
      },
      spec: {
        type: given.type,
        lifecycle: given.lifecycle,
        profile: given.displayName && { displayName: given.displayName },
        definition: given.definition,
      },
      relations,
    };
    await knex('refresh_state')
      .insert({
        entity_id: ref,
        entity_ref: ref,
        unprocessed_entity: '{}',
        processed_entity: '{}',
        errors: '[]',
        next_update_at: new Date(Date.now() + 60_000),
        last_discovery_at: knex.fn.now(),
      })
      .onConflict('entity_id')
      .ignore();
    await knex('final_entities')
      .insert({
        entity_id: ref,
        entity_ref: ref,
        hash: ref,
        final_entity: JSON.stringify(entity),
      })
      .onConflict('entity_id')
      .merge(['final_entity']);
    await knex('search').where({ entity_id: ref }).delete();
    await knex('search').insert(
      [
        { key: 'kind', value: kind },
        ...(given.type ? [{ key: 'spec.type', value: given.type }] : []),
        ...(given.system ? [{ key: 'spec.system', value: given.system }] : []),
        ...Object.entries(given.annotations ?? {}).map(
          ([annotation, value]) => ({
            key: `metadata.annotations.${annotation}`,
            value,
          }),
        ),
        ...relations.map(({ targetRef, type }) => ({
          key: `relations.${type.toLocaleLowerCase('en-US')}`,
          value: targetRef,
        })),
      ].map(row => ({ entity_id: ref, ...row, original_value: row.value })),
    );
    for (const { targetRef, type } of relations) {
      await knex('relations').insert({
        originating_entity_id: ref,
        source_entity_ref: ref,
        type,
        target_entity_ref: targetRef,
      });
    }
  };

  beforeEach(async () => {
    knex = await databases.init('POSTGRES_18');
    await knex.migrate.latest({
      directory: resolvePackagePath(
        '@backstage/plugin-catalog-backend',
        'migrations',
      ),
    });
    await migrateListing(knex);
  });

  const start = async (
    options: { decision?: PolicyDecision; everybody?: boolean } = {},
  ) => {
    const { decision = { result: AuthorizeResult.ALLOW }, everybody } = options;
    const database = mockServices.database({ knex });
    const userInfo = mockServices.userInfo({ ownershipEntityRefs: [ORDERS] });
    const permissionsRegistry = mockServices.permissionsRegistry.mock({
      getPermissionRuleset: (() => ({
        getRuleByName: () => isOwned,
      })) as never,
    });
    const table = new ListingTable({
      database,
      logger: mockServices.logger.mock(),
    });
    await table.prepare();
    const app = express();
    app.use(
      createListingRouter({
        httpAuth: mockServices.httpAuth(),
        listing: new ListingReader({
          problems: ProblemsReader.create({
            database,
            permissions: mockServices.permissions({
              result: everybody ? AuthorizeResult.ALLOW : AuthorizeResult.DENY,
            }),
            userInfo,
          }),
          table,
          userInfo,
          visible: new VisibleEntities({
            permissions: mockServices.permissions.mock({
              authorizeConditional: async () => [decision as never],
            }),
            permissionsRegistry,
          }),
        }),
      }),
    );
    app.use(mockErrorHandler());
    return request(app);
  };

  type Options = Parameters<typeof start>[0];
  const list = async (query: string, options?: Options) => {
    const response = await (
      await start(options)
    ).get(`/waystone/listing?${query}`);
    expect(response.status).toBe(200);
    return listingResponseSchema.parse(response.body);
  };
  const names = async (query: string, options?: Options) =>
    (await list(query, options)).items.map(({ name }) => name);
  const values = async (path: string, options?: Options) => {
    const response = await (
      await start(options)
    ).get(`/waystone/listing/values/${path}`);
    expect(response.status).toBe(200);
    return listingValuesResponseSchema
      .parse(response.body)
      .items.map(({ count, title, value }) => [value, title, count]);
  };

  const fill = async () => {
    await stitch(ORDERS, { displayName: 'Orders' });
    await stitch('system:default/ordering', {
      title: 'Ordering',
      owner: ORDERS,
      system: 'domain:default/shop',
    });
    await stitch('component:default/order-service', {
      title: 'Order service',
      type: 'service',
      lifecycle: 'production',
      owner: ORDERS,
      system: 'system:default/ordering',
      tags: ['Java', 'core'],
      annotations: {
        'waystone.dev/tier': '1',
        'waystone.dev/runbook': '/docs/runbook',
        'backstage.io/techdocs-ref': 'dir:.',
      },
    });
    await stitch('component:default/cart', {
      type: 'website',
      lifecycle: 'experimental',
      owner: SALES,
      tags: ['node', 'core'],
    });
    await stitch('component:default/attic', { type: 'library' });
  };

  it('lists entities with what is known of them', async () => {
    await fill();
    const response = await list('kind=Component');
    expect(response.totalItems).toBe(3);
    expect(response.kinds).toEqual([
      { kind: 'component', count: 3 },
      { kind: 'group', count: 1 },
      { kind: 'system', count: 1 },
    ]);
    expect(response.items.map(({ title }) => title)).toEqual([
      'attic',
      'cart',
      'Order service',
    ]);
    expect(response.items[2]).toEqual({
      entityRef: 'component:default/order-service',
      kind: 'component',
      namespace: 'default',
      name: 'order-service',
      title: 'Order service',
      type: 'service',
      owner: { entityRef: ORDERS, title: 'Orders' },
      system: { entityRef: 'system:default/ordering', title: 'Ordering' },
      lifecycle: 'production',
      tier: '1',
      tags: ['core', 'java'],
      docs: true,
    });
    const [system] = (await list('kind=system')).items;
    expect(system.system).toEqual({
      entityRef: 'domain:default/shop',
      title: 'shop',
    });
  });

  it('knows all owners of an entity', async () => {
    await fill();
    await stitch('component:default/shared', {
      owner: ORDERS,
      alsoOwner: SALES,
    });
    const [shared] = (await list('q=shared')).items;
    expect(shared.owner).toEqual({ entityRef: ORDERS, title: 'Orders' });
    expect(shared.otherOwners).toEqual([{ entityRef: SALES, title: 'sales' }]);
    const of = (owner: string) => names(`kind=component&owner=${owner}`);
    expect(await of(ORDERS)).toEqual(['order-service', 'shared']);
    expect(await of(SALES)).toEqual(['cart', 'shared']);
    expect(await of('(mine)')).toEqual(['order-service', 'shared']);
    expect(await of('(none)')).toEqual(['attic']);
    expect(await values('owner?kind=component')).toEqual([
      [ORDERS, 'Orders', 2],
      [SALES, 'sales', 2],
      ['(none)', '', 1],
    ]);
    const csv = await (await start())
      .get('/waystone/listing?q=shared')
      .set('Accept', 'text/csv');
    expect(csv.text).toContain(`${ORDERS} ${SALES}`);
  });

  it('filters, sorts and pages', async () => {
    await fill();
    expect(await names('type=service&type=website')).toEqual([
      'cart',
      'order-service',
    ]);
    expect(await names(`kind=component&owner=${SALES}`)).toEqual(['cart']);
    expect(await names('kind=component&owner=(none)')).toEqual(['attic']);
    expect(await names(`kind=component&owner=(none)&owner=${SALES}`)).toEqual([
      'attic',
      'cart',
    ]);
    expect(await names('kind=component&owner=(mine)')).toEqual([
      'order-service',
    ]);
    expect(await names('tag=core&tag=java')).toEqual(['order-service']);
    expect(await names('kind=component&tag=(none)')).toEqual(['attic']);
    expect(await names('docs=yes')).toEqual(['order-service']);
    expect(await names('tier=1')).toEqual(['order-service']);
    expect(await names('system=system:default/ordering')).toEqual([
      'order-service',
    ]);
    expect(await names('q=SERVICE%20ord')).toEqual(['order-service']);
    expect(await names('kind=component&sort=owner&order=desc')).toEqual([
      'cart',
      'order-service',
      'attic',
    ]);
    expect(await names('kind=component&order=desc&limit=1&offset=1')).toEqual([
      'cart',
    ]);
    expect((await list('kind=component&limit=1&offset=9')).items).toEqual([]);
  });

  it('finds what has problems, of everybody or of the caller', async () => {
    await fill();
    expect(
      await names('kind=component&problems=yes', { everybody: true }),
    ).toEqual(['attic', 'cart']);
    expect(await names('kind=component&problems=yes')).toEqual([]);
  });

  it('counts the problems of a page, of everybody or of the caller', async () => {
    await fill();
    const count = async (options?: Options) => {
      const refs = ['cart', 'Order-Service', 'attic', 'gone']
        .map(name => `entityRef=component:default/${name}`)
        .join('&');
      const response = await (
        await start(options)
      ).get(`/waystone/listing/problems?${refs}`);
      expect(response.status).toBe(200);
      const { items } = listingProblemsResponseSchema.parse(response.body);
      return Object.fromEntries(
        items.map(item => [item.entityRef.split('/')[1], item.count]),
      );
    };
    // The system is there, the owner too, and the rest is written down
    expect(await count()).toEqual({ 'order-service': 0 });
    expect(await count({ everybody: true })).toEqual({
      'order-service': 0,
      attic: 2,
      cart: 5,
    });
    expect(
      await count({
        everybody: true,
        decision: { result: AuthorizeResult.DENY },
      }),
    ).toEqual({});
    const bad = await (await start()).get('/waystone/listing/problems');
    expect(bad.status).toBe(400);
  });

  it('offers the values of a field with counts', async () => {
    await fill();
    expect(await values('owner?kind=component')).toEqual([
      [ORDERS, 'Orders', 1],
      [SALES, 'sales', 1],
      ['(none)', '', 1],
    ]);
    // Its own filter does not narrow a picker, those of others do.
    expect(
      await values(`owner?kind=component&owner=${SALES}&tag=core`),
    ).toEqual([
      [ORDERS, 'Orders', 1],
      [SALES, 'sales', 1],
    ]);
    expect(await values('owner?search=ORD')).toEqual([[ORDERS, 'Orders', 2]]);
    expect(await values('tag?kind=component')).toEqual([
      ['core', 'core', 2],
      ['java', 'java', 1],
      ['node', 'node', 1],
      ['(none)', '', 1],
    ]);
    expect(await values('tag?kind=component&valuesLimit=1')).toHaveLength(1);
  });

  it('shows and counts only what the caller may see', async () => {
    await fill();
    const decision: PolicyDecision = {
      result: AuthorizeResult.CONDITIONAL,
      pluginId: 'catalog',
      resourceType: 'catalog-entity',
      conditions: {
        anyOf: [
          {
            rule: 'IS_OWNED',
            resourceType: 'catalog-entity',
            params: { owner: SALES },
          },
          {
            allOf: [
              {
                not: {
                  rule: 'IS_OWNED',
                  resourceType: 'catalog-entity',
                  params: {},
                },
              },
              {
                not: {
                  rule: 'IS_OWNED',
                  resourceType: 'catalog-entity',
                  params: { kind: 'group' },
                },
              },
            ],
          },
        ],
      },
    };
    const response = await list('', { decision });
    expect(response.items.map(({ name }) => name)).toEqual(['attic', 'cart']);
    expect(response.totalItems).toBe(2);
    expect(response.kinds).toEqual([{ kind: 'component', count: 2 }]);
    expect(await values('owner', { decision })).toEqual([
      [SALES, 'sales', 1],
      ['(none)', '', 1],
    ]);
    const denied: PolicyDecision = { result: AuthorizeResult.DENY };
    expect(await list('', { decision: denied })).toEqual({
      items: [],
      totalItems: 0,
      kinds: [],
    });
    expect(await values('tag', { decision: denied })).toEqual([]);
  });

  it('does not tell the title of an owner that the caller may not see', async () => {
    await fill();
    const decision: PolicyDecision = {
      result: AuthorizeResult.CONDITIONAL,
      pluginId: 'catalog',
      resourceType: 'catalog-entity',
      conditions: {
        rule: 'IS_OWNED',
        resourceType: 'catalog-entity',
        params: { kind: 'component' },
      },
    };
    const { items } = await list('q=order', { decision });
    expect(items[0].owner).toEqual({ entityRef: ORDERS, title: 'orders' });
    expect(await values('owner?q=order', { decision })).toEqual([
      [ORDERS, 'orders', 1],
    ]);
  });

  it('follows the catalog, also within one backend', async () => {
    await fill();
    const agent = await start();
    const count = async () =>
      (await agent.get('/waystone/listing?tier=2')).body.totalItems;
    expect(await count()).toBe(0);
    await stitch('component:default/cart', {
      annotations: { 'waystone.dev/tier': '2' },
    });
    expect(await count()).toBe(1);
    await knex('refresh_state')
      .where({ entity_ref: 'component:default/cart' })
      .delete();
    expect(await count()).toBe(0);
  });

  it('leaves the catalog of a first start without statistics of an empty table', async () => {
    // With them PostgreSQL reads final_entities from end to end for each row of search that is written
    const { rows } = await knex.raw(
      `select reltuples::int from pg_class where relname = 'final_entities'`,
    );
    expect(rows).toEqual([{ reltuples: -1 }]);
  });

  it('is filled with what was there before it', async () => {
    await fill();
    await knex.raw('truncate waystone_listing');
    expect(await fillListing(knex)).toBe(5);
    expect(await fillListing(knex)).toBe(0);
    expect(await names('kind=component')).toHaveLength(3);
  });

  it('is never in the way of a write of the catalog', async () => {
    await fill();
    const write = (column = 'final_entity') =>
      knex('final_entities')
        .where({ entity_id: 'component:default/cart' })
        .update({ [column]: '{"kind":"component","metadata":{"name":"new"}}' });
    const remove = (ref: string) =>
      knex('final_entities').where({ entity_id: ref }).delete();

    await knex.raw(
      'alter table final_entities rename column final_entity to stitched',
    );
    expect(await write('stitched')).toBe(1);
    await knex.raw('alter table final_entities drop column entity_ref');
    expect(await write('stitched')).toBe(1);
    await knex.raw(
      'alter table final_entities rename column entity_id to identity',
    );
    expect(
      await knex('final_entities')
        .where({ identity: 'component:default/attic' })
        .delete(),
    ).toBe(1);
    await knex.raw(
      'alter table final_entities rename column identity to entity_id',
    );
    await knex.raw(
      'alter table final_entities rename column stitched to final_entity',
    );
    await knex.raw('alter table final_entities add column entity_ref varchar');
    await knex.raw('update final_entities set entity_ref = entity_id');
    expect(await write()).toBe(1);
    expect(await names('q=new')).toEqual(['new']);
    // What was missed is made good for at the next start
    expect(await names('q=attic')).toEqual([]);

    await knex.raw('alter table waystone_listing drop column words');
    expect(await write()).toBe(1);
    expect(await remove('component:default/order-service')).toBe(1);
    await knex.raw('drop table waystone_listing cascade');
    expect(await write()).toBe(1);
    expect(await remove('component:default/cart')).toBe(1);
  });

  it('can be taken away and made again', async () => {
    await fill();
    await knex.migrate.rollback(
      {
        directory: resolvePackagePath(
          '@waystone/plugin-catalog-backend-module-waystone',
          'migrations',
          'listing',
        ),
        tableName: 'waystone_listing_migrations',
      },
      true,
    );
    await stitch('component:default/new');
    await migrateListing(knex);
    expect(await names('kind=component')).toHaveLength(4);
  });

  it('survives whatever an entity or a query contains', async () => {
    await fill();
    await stitch('component:default/many', {
      tags: Array.from({ length: 10_000 }, (_, index) => `tag-${index}`),
      title: `<img src=x onerror=alert(1)>${'x'.repeat(100_000)}`,
      definition: 'x'.repeat(5_000_000),
      type: "'; drop table waystone_listing; --",
    });
    await stitch('component:default/odd', {
      tags: { not: 'a list' },
      title: 'nul \0 in it',
    });
    // What cannot be read at all is listed by its name.
    await stitch('component:default/broken');
    await knex('final_entities')
      .where({ entity_ref: 'component:default/broken' })
      .update({ final_entity: '{"kind":' });
    await knex('waystone_listing').delete();
    await fillListing(knex);

    const { items } = await list('kind=component&limit=50');
    const byName = new Map(items.map(item => [item.name, item]));
    expect(byName.get('many')?.tags).toHaveLength(100);
    expect(byName.get('many')?.title).toHaveLength(200);
    expect(byName.get('odd')?.tags).toEqual([]);
    expect(byName.get('odd')?.title).toBe('nul  in it');
    expect(byName.get('broken')?.title).toBe('broken');

    for (const hostile of [
      '%',
      '_',
      '(a+)+$',
      "' or 1=1 --",
      '\\',
      '<b>',
      '%%%%%',
    ]) {
      const q = encodeURIComponent(hostile);
      expect(await names(`q=${q}order`)).toEqual([]);
      expect((await list(`owner=${q}x&tag=${q}x`)).totalItems).toBe(0);
      expect(await values(`tag?search=${q}x`)).toEqual([]);
    }
    // PostgreSQL knows no NUL
    expect(await names('q=order-s%00')).toEqual(['order-service']);
    const agent = await start();
    for (const query of [
      'sort=words',
      'order=asc;drop',
      'limit=1000',
      'offset=-1',
      'docs=maybe',
      `q=${'a'.repeat(201)}`,
      `${'tag=a&'.repeat(51)}tag=a`,
      'owner[$ne]=x',
    ]) {
      const response = await agent.get(`/waystone/listing?${query}`);
      expect([query, response.status]).toEqual([query, 400]);
    }
    expect((await agent.get('/waystone/listing/values/hash')).status).toBe(400);
    expect(
      (
        await agent
          .post('/waystone/listing')
          .send({ q: 'a', entityRef: ['x'.repeat(400_000)] })
      ).status,
    ).toBe(413);
    expect(
      (
        await agent
          .get('/waystone/listing')
          .set('Authorization', mockCredentials.none.header())
      ).status,
    ).toBe(401);
  });

  it('takes a long list of names as a body', async () => {
    await fill();
    const agent = await start();
    const entityRef = [
      'component:default/cart',
      ...Array.from({ length: 999 }, (_, n) => `component:default/gone-${n}`),
    ];
    const response = await agent.post('/waystone/listing').send({ entityRef });
    expect(response.status).toBe(200);
    expect(response.body.totalItems).toBe(1);
    const none = await agent.post('/waystone/listing').send({ entityRef: [] });
    expect(none.body.totalItems).toBe(0);
  });

  it('exports all that match as CSV that no spreadsheet runs', async () => {
    await fill();
    await stitch('component:default/zero', {
      title: '=cmd|"/c calc"!A1',
      owner: ORDERS,
    });
    const response = await (await start())
      .get('/waystone/listing?kind=component&limit=1&owner=(mine)')
      .set('Accept', 'text/csv');
    expect(response.status).toBe(200);
    expect(response.headers['content-disposition']).toBe(
      'attachment; filename="catalog.csv"',
    );
    expect(response.text.split('\r\n')).toEqual([
      'entityRef,name,title,kind,type,owner,system,lifecycle,tier,tags,docs',
      `component:default/zero,zero,"'=cmd|""/c calc""!A1",component,,${ORDERS},,,,,false`,
      `component:default/order-service,order-service,Order service,component,service,${ORDERS},system:default/ordering,production,1,core java,true`,
      '',
    ]);
  });

  it('asks to wait while the table is being filled', async () => {
    const table = new ListingTable({
      database: mockServices.database({ knex }),
      logger: mockServices.logger.mock(),
      patienceMs: 1,
    });
    await expect(table.client()).rejects.toThrow('is being built');
    await table.prepare();
    await expect(table.client()).resolves.toBe(knex);
  });
});
