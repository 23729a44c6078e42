import { resolvePackagePath } from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockErrorHandler,
  mockServices,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { stringifyEntityRef } from '@backstage/catalog-model';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  ownershipResponseSchema,
  unownedResponseSchema,
} from '@waystone/plugin-catalog-overview-common';
import express from 'express';
import type { Knex } from 'knex';
import request from 'supertest';
import { applyWaystoneMigrations } from '../database/applyWaystoneMigrations';
import { ListingTable, migrateListing } from '../listing/ListingTable';
import { sqlPart } from '../database/SqlPart';
import type { VisibleEntities } from '../visibility/VisibleEntities';
import { ProblemsReader } from '../problems/ProblemsReader';
import { createOwnershipRouter } from './createOwnershipRouter';
import { OwnershipReader } from './OwnershipReader';
import { UnownedReader } from './UnownedReader';

jest.setTimeout(60_000);

const ORDERS = 'group:default/orders';
const MAYA = 'user:default/maya';

const entity = (
  ref: string,
  fields: { metadata?: object; spec?: object } = {},
): Entity => {
  const [kind, rest] = ref.split(':');
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: {
      namespace: 'default',
      name: rest.split('/')[1],
      ...fields.metadata,
    },
    spec: { ...fields.spec },
  } as Entity;
};

const orders = entity(ORDERS, {
  metadata: {
    annotations: {
      'waystone.dev/on-call': 'https://oncall.example/orders',
      'waystone.dev/team-leads': 'maya, ::nobody',
      'backstage.io/techdocs-ref': 'dir:.',
    },
    links: [
      { url: 'https://chat.example/orders', title: 'Chat: #orders' },
      // eslint-disable-next-line no-script-url
      { url: 'javascript:alert(1)', title: 'Wiki' },
    ],
  },
  spec: {
    type: 'team',
    profile: { displayName: 'Orders', email: 'orders@example.com' },
  },
});
const maya = entity(MAYA, {
  spec: {
    profile: {
      displayName: 'Maya Okafor',
      email: 'maya@example.com?cc=all@example.com',
      picture: 'https://pictures.example/maya.png',
    },
  },
});

describe('ownership', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let knex: Knex;

  const add = async (
    item: Entity,
    relations: [type: string, target: string][] = [],
  ) => {
    const ref = stringifyEntityRef(item);
    await knex('refresh_state').insert({
      entity_id: ref,
      entity_ref: ref,
      unprocessed_entity: '{}',
      processed_entity: '{}',
      errors: '[]',
      next_update_at: new Date(Date.now() + 60_000),
      last_discovery_at: knex.fn.now(),
    });
    await knex('final_entities').insert({
      entity_id: ref,
      entity_ref: ref,
      hash: ref,
      final_entity: JSON.stringify({
        ...item,
        relations: relations.map(([type, targetRef]) => ({ type, targetRef })),
      }),
      last_updated_at: knex.fn.now(),
    });
    const profile = (item.spec?.profile ?? {}) as Record<string, string>;
    for (const [key, value] of Object.entries(profile)) {
      await knex('search').insert({
        entity_id: ref,
        key: `spec.profile.${key.toLocaleLowerCase('en')}`,
        value: value.toLocaleLowerCase('en'),
        original_value: value,
      });
    }
    for (const [type, target] of relations) {
      await knex('relations').insert({
        originating_entity_id: ref,
        source_entity_ref: ref,
        type,
        target_entity_ref: target,
      });
    }
  };

  /**
   * Orders, with Maya in it and the group 'payments' below, owns 'shop'; payments owns 'till'; Maya owns 'toy'. The
   * owner of 'ghost' was never there, that of 'widow' left, and nobody is in that of 'lonely'.
   */
  beforeEach(async () => {
    knex = await databases.init('POSTGRES_18');
    await knex.migrate.latest({
      directory: resolvePackagePath(
        '@backstage/plugin-catalog-backend',
        'migrations',
      ),
    });
    await applyWaystoneMigrations(knex);
    await migrateListing(knex);
    const payments = 'group:default/payments';
    await add(orders, [
      ['hasMember', MAYA],
      ['parentOf', payments],
      ['childOf', 'group:default/engineering'],
    ]);
    await add(
      entity('group:default/engineering', {
        metadata: { title: 'Engineering' },
      }),
      [['parentOf', ORDERS]],
    );
    await add(entity(payments, { spec: { type: 'team' } }), [
      ['childOf', ORDERS],
      // A cycle must not be followed for ever
      ['parentOf', ORDERS],
    ]);
    await add(entity('group:default/empty'));
    await add(maya, [['memberOf', ORDERS]]);
    const own = (ref: string, owner?: string, spec: object = {}) =>
      add(
        entity(ref, {
          spec: { type: 'service', lifecycle: 'production', ...spec },
        }),
        owner ? [['ownedBy', owner]] : [],
      );
    await own('component:default/shop', ORDERS);
    await own('component:default/till', payments, { lifecycle: 'deprecated' });
    await own('component:default/toy', MAYA);
    await own('component:default/free');
    await own('api:default/ghost', 'group:default/never');
    await own('component:default/widow', 'user:default/gone');
    await own('component:default/lonely', 'group:default/empty');
    await knex('waystone_history').insert({
      entity_id: 'x',
      entity_ref: 'user:default/gone',
      action: 'deleted',
      changed_at: knex.fn.now(),
      technical: false,
      fields: [],
      changes: '[]',
      more: 0,
    });
  });

  const start = async (
    options: { everybody?: boolean; owns?: string[]; hidden?: string[] } = {},
  ) => {
    const database = mockServices.database({ knex });
    const table = new ListingTable({
      database,
      logger: mockServices.logger.mock(),
    });
    await table.prepare();
    const hidden = options.hidden ?? [];
    const visible = {
      to: async () => ({
        extent: 'some',
        key: '',
        on: (rows: string) =>
          sqlPart(`not ${rows}.entity_ref = any(?::text[])`, [...hidden]),
      }),
    } as unknown as VisibleEntities;
    const app = express();
    app.use(
      createOwnershipRouter({
        httpAuth: mockServices.httpAuth(),
        ownership: OwnershipReader.create({
          catalog: catalogServiceMock({
            entities: [orders, maya].filter(
              item => !hidden.includes(stringifyEntityRef(item)),
            ),
          }),
          problems: ProblemsReader.create({
            database,
            permissions: mockServices.permissions({
              result: options.everybody
                ? AuthorizeResult.ALLOW
                : AuthorizeResult.DENY,
            }),
            userInfo: mockServices.userInfo({
              ownershipEntityRefs: options.owns ?? [],
            }),
          }),
          table,
          visible,
        }),
        unowned: UnownedReader.create({ table, visible }),
      }),
    );
    app.use(mockErrorHandler());
    return request(app);
  };
  const read = async (
    ref: string,
    options: Parameters<typeof start>[0] = { everybody: true },
  ) => {
    const response = await (
      await start(options)
    ).get(`/waystone/ownership/${ref.replace(':', '/')}`);
    expect(response.status).toBe(200);
    return ownershipResponseSchema.strict().parse(response.body);
  };
  const unowned = async (
    query = '',
    options: Parameters<typeof start>[0] = {},
  ) => {
    const response = await (
      await start(options)
    ).get(`/waystone/unowned${query}`);
    expect(response.status).toBe(200);
    return unownedResponseSchema.strict().parse(response.body);
  };

  it('tells who a team is, how to reach it and what it owns with the teams below', async () => {
    const team = await read(ORDERS);
    expect(team).toMatchObject({
      contact: {
        email: 'orders@example.com',
        chat: { url: 'https://chat.example/orders', title: 'Chat: #orders' },
        onCall: 'https://oncall.example/orders',
        docs: '/docs/default/group/orders',
        links: [],
      },
      members: {
        items: [
          {
            entityRef: MAYA,
            title: 'Maya Okafor',
            picture: 'https://pictures.example/maya.png',
            leads: true,
          },
        ],
        total: 1,
      },
      parent: { entityRef: 'group:default/engineering', title: 'Engineering' },
      teams: {
        items: [
          {
            entityRef: 'group:default/payments',
            type: 'team',
            members: 0,
            owns: 1,
          },
        ],
        total: 1,
      },
    });
    expect(
      team.owned.items.map(({ entityRef, owner }) => [
        entityRef,
        owner.entityRef,
      ]),
    ).toEqual([
      ['component:default/shop', ORDERS],
      ['component:default/till', 'group:default/payments'],
    ]);
    expect(team.owned).toMatchObject({
      total: 2,
      direct: 1,
      kinds: [{ kind: 'component', count: 2 }],
    });
    // Neither docs nor a system
    expect(team.owned.items[1]).toMatchObject({
      lifecycle: 'deprecated',
      errors: 0,
      warnings: 2,
    });
    expect(team.problems).toEqual({ errors: 0, warnings: 4 });
  });

  it('tells the teams of a person, and what is hers and theirs', async () => {
    const person = await read(MAYA);
    // An address with more in it is none
    expect(person.contact.email).toBe(undefined);
    expect(person.teams.items).toMatchObject([
      { entityRef: ORDERS, title: 'Orders', members: 1, owns: 1 },
    ]);
    expect(person.owned.items.map(({ entityRef }) => entityRef)).toEqual([
      'component:default/toy',
      'component:default/shop',
    ]);
    expect(person.owned.direct).toBe(1);
  });

  it('tells problems to those who may know them', async () => {
    const stranger = await read(ORDERS, {});
    expect(stranger.problems).toBe(undefined);
    expect(stranger.owned.items[0].warnings).toBe(undefined);
    const member = await read(ORDERS, { owns: [ORDERS] });
    expect(member.owned.items[0].warnings).toBe(2);
    expect(member.owned.items[1].warnings).toBe(undefined);
    expect(member.problems).toBe(undefined);
  });

  it('hides what the caller may not see', async () => {
    const hidden = [
      MAYA,
      'component:default/till',
      'group:default/engineering',
      'group:default/payments',
    ];
    const team = await read(ORDERS, { hidden });
    expect(team.members).toEqual({ items: [], total: 0 });
    expect(team.parent).toBe(undefined);
    expect(team.teams.total).toBe(0);
    expect(team.owned.total).toBe(1);
    const response = await (
      await start({ hidden: [ORDERS] })
    ).get('/waystone/ownership/group/default/orders');
    expect(response.status).toBe(404);
  });

  it('lists what nobody looks after, with the reason', async () => {
    // One owner who is there is enough
    await add(entity('component:default/shared'), [
      ['ownedBy', 'user:default/gone'],
      ['ownedBy', ORDERS],
    ]);
    const all = await unowned();
    expect(
      all.items.map(({ entityRef, owner, reason }) => [
        entityRef,
        reason,
        owner,
      ]),
    ).toEqual([
      ['api:default/ghost', 'unknown', 'group:default/never'],
      ['component:default/free', 'missing', undefined],
      ['component:default/lonely', 'empty', 'group:default/empty'],
      // Nobody is in it, nor in a team below that would not lead back
      ['component:default/widow', 'left', 'user:default/gone'],
    ]);
    expect(all.summary).toEqual({
      total: 4,
      reasons: ['empty', 'left', 'missing', 'unknown'].map(reason => ({
        reason,
        count: 1,
      })),
      kinds: [
        { kind: 'component', count: 3 },
        { kind: 'api', count: 1 },
      ],
      owners: [
        'group:default/empty',
        'group:default/never',
        'user:default/gone',
      ].map(entityRef => ({ entityRef, count: 1 })),
    });
    const left = await unowned('?reason=left&q=WID&limit=1');
    expect(left.totalItems).toBe(1);
    expect(left.summary.total).toBe(4);
    const page = await unowned('?limit=3');
    expect(
      (await unowned(`?limit=3&cursor=${page.pageInfo.nextCursor}`)).items,
    ).toEqual(all.items.slice(3));
    expect(
      (await unowned('', { hidden: ['component:default/widow'] })).totalItems,
    ).toBe(3);
  });

  it('exports the list, without formulas', async () => {
    await add(
      entity('component:default/evil', { metadata: { title: '=1+1' } }),
    );
    const response = await (await start())
      .get('/waystone/unowned?reason=missing')
      .set('Accept', 'text/csv');
    expect(response.text).toBe(
      [
        'entityRef,title,kind,type,lifecycle,tier,reason,owner',
        "component:default/evil,'=1+1,component,,,,missing,",
        'component:default/free,free,component,service,production,,missing,',
        '',
      ].join('\r\n'),
    );
  });

  it('refuses strangers, other kinds and bad queries', async () => {
    const app = await start();
    for (const path of [
      '/waystone/unowned',
      '/waystone/ownership/group/default/orders',
    ]) {
      const response = await app
        .get(path)
        .set('Authorization', mockCredentials.none.header());
      expect(response.status).toBe(401);
    }
    expect(
      (await app.get('/waystone/ownership/component/default/shop')).status,
    ).toBe(400);
    expect((await app.get('/waystone/unowned?reason=whatever')).status).toBe(
      400,
    );
    expect(
      (await app.get('/waystone/ownership/group/default/nobody')).status,
    ).toBe(404);
    expect(
      (
        await app.get(
          `/waystone/unowned?q=${encodeURIComponent(
            "'; drop table relations; --%00",
          )}`,
        )
      ).status,
    ).toBe(200);
  });
});
