import { resolvePackagePath } from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { catalogEntityPermissionResourceRef } from '@backstage/plugin-catalog-node/alpha';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { createPermissionRule } from '@backstage/plugin-permission-node';
import type { Knex } from 'knex';
import { z } from 'zod';
import { readVisibleRefs } from './Visibility';
import { VisibleEntities } from './VisibleEntities';

jest.setTimeout(60_000);

const hasValue = createPermissionRule({
  name: 'HAS_VALUE',
  description: 'A key of the catalog, with one of some values',
  resourceRef: catalogEntityPermissionResourceRef,
  paramsSchema: z.object({
    key: z.string(),
    values: z.array(z.string()).optional(),
  }),
  apply: () => true,
  toQuery: ({ key, values }) => ({ key, values }),
});

const has = (key: string, ...values: string[]) => ({
  rule: 'HAS_VALUE',
  resourceType: 'catalog-entity',
  params: { key, ...(values.length > 0 && { values }) },
});

const ORDERS = { kind: 'component', 'relations.ownedby': 'group:default/a' };
const CART = { kind: 'component', 'relations.ownedby': 'group:default/b' };
const TEAM = { kind: 'group' };

describe('VisibleEntities', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let knex: Knex;

  beforeAll(async () => {
    knex = await databases.init('POSTGRES_18');
    await knex.migrate.latest({
      directory: resolvePackagePath(
        '@backstage/plugin-catalog-backend',
        'migrations',
      ),
    });
    const given = { orders: ORDERS, cart: CART, team: TEAM, unstitched: {} };
    for (const [ref, values] of Object.entries(given)) {
      await knex('refresh_state').insert({
        entity_id: ref,
        entity_ref: ref,
        unprocessed_entity: '{}',
        errors: '[]',
        next_update_at: knex.fn.now(),
        last_discovery_at: knex.fn.now(),
      });
      await knex('final_entities').insert({
        entity_id: ref,
        entity_ref: ref,
        hash: '',
        final_entity: ref === 'unstitched' ? null : '{}',
      });
      for (const [key, value] of Object.entries(values)) {
        await knex('search').insert({ entity_id: ref, key, value });
      }
    }
  });

  const to = (decision: object) =>
    new VisibleEntities({
      permissions: mockServices.permissions.mock({
        authorizeConditional: async () => [decision as never],
      }),
      permissionsRegistry: mockServices.permissionsRegistry.mock({
        getPermissionRuleset: () => ({
          getRuleByName: () => hasValue as never,
        }),
      }),
    }).to(mockCredentials.user());

  const seen = async (decision: object) => [
    ...(await readVisibleRefs(knex, await to(decision), [
      'cart',
      'missing',
      'orders',
      'team',
      'unstitched',
    ])),
  ];

  it('shows all or none where nothing depends on the entity', async () => {
    const all = await to({ result: AuthorizeResult.ALLOW });
    expect(all.extent).toBe('all');
    expect(await seen({ result: AuthorizeResult.ALLOW })).toHaveLength(3);
    const none = await to({ result: AuthorizeResult.DENY });
    expect(none.extent).toBe('none');
    expect(none.on('x').sql).toBe('(false)');
    expect(await seen({ result: AuthorizeResult.DENY })).toEqual([]);
  });

  it.each([
    ['a key', has('relations.ownedBy'), ['cart', 'orders']],
    ['values in any case', has('Kind', 'GROUP', "x' or true; --"), ['team']],
    ['no value', has('kind', "x' or true; --"), []],
    [
      'one of several',
      {
        anyOf: [
          has('kind', 'group'),
          has('relations.ownedby', 'group:default/a'),
        ],
      },
      ['orders', 'team'],
    ],
    [
      'all, and not another',
      {
        allOf: [
          has('kind', 'component'),
          { not: has('relations.ownedby', 'group:default/a') },
        ],
      },
      ['cart'],
    ],
    [
      'what is in each other',
      {
        not: {
          anyOf: [
            { not: has('kind', 'component') },
            has('relations.ownedBy', 'group:default/b'),
          ],
        },
      },
      ['orders'],
    ],
  ])('asks for %s', async (_, conditions, expected) => {
    const decision = {
      result: AuthorizeResult.CONDITIONAL,
      pluginId: 'catalog',
      resourceType: 'catalog-entity',
      conditions,
    };
    expect((await seen(decision)).sort()).toEqual(expected);
    expect((await to(decision)).extent).toBe('some');
    expect((await to(decision)).key).toBe((await to(decision)).key);
  });
});
