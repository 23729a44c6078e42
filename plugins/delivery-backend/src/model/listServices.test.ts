import { servicesQuerySchema } from '@waystone/plugin-delivery-common';
import type { Deployment, Service } from '@waystone/plugin-delivery-common';
import { listServices } from './listServices';

const deployment = (changes: Partial<Deployment> = {}): Deployment => ({
  id: 'x',
  name: 'x',
  environment: 'development',
  state: 'healthy',
  sync: 'synced',
  health: 'healthy',
  images: [],
  drifted: 0,
  behind: false,
  source: 'argocd/main',
  ...changes,
});

const service = (
  title: string,
  changes: Partial<Service> = {},
  ...deployments: Deployment[]
): Service => ({
  entityRef: `component:default/${title}`,
  title,
  owner: 'group:default/shop',
  state: 'healthy',
  deployments: deployments.length > 0 ? deployments : [deployment()],
  ...changes,
});

const services = [
  service('orders-10', {}, deployment({ version: '1.2.3', behind: true })),
  service('orders-2', { owner: 'group:default/pay' }),
  service(
    'billing',
    { state: 'critical', system: 'system:default/money' },
    deployment({ deployedAt: '2026-01-03T00:00:00.000Z' }),
    deployment({
      environment: 'production',
      state: 'critical',
      health: 'degraded',
    }),
  ),
  service(
    'stock',
    { state: 'attention' },
    deployment({
      state: 'attention',
      sync: 'out-of-sync',
      drifted: 3,
      deployedAt: '2026-01-02T00:00:00.000Z',
    }),
  ),
];

const list = (query: Record<string, unknown>) =>
  listServices(services, servicesQuerySchema.parse(query));
const titles = (query: Record<string, unknown>) =>
  list(query).items.map(({ title }) => title);

describe('listServices', () => {
  it.each([
    [{}, ['billing', 'stock', 'orders-2', 'orders-10']],
    [{ sort: 'name' }, ['billing', 'orders-2', 'orders-10', 'stock']],
    [
      { sort: 'name', order: 'desc' },
      ['stock', 'orders-10', 'orders-2', 'billing'],
    ],
    [{ sort: 'deployed' }, ['billing', 'stock', 'orders-2', 'orders-10']],
    [
      { owner: 'group:default/pay,group:default/none', sort: 'owner' },
      ['orders-2'],
    ],
    [{ system: ['system:default/money'] }, ['billing']],
    [{ state: 'critical,attention' }, ['billing', 'stock']],
    [{ sync: 'out-of-sync' }, ['stock']],
    // One deployment must fit both.
    [{ environment: 'development', health: 'degraded' }, []],
    [{ environment: 'production', health: 'degraded' }, ['billing']],
    [{ behind: 'true' }, ['orders-10']],
    [{ q: 'ORDERS' }, ['orders-2', 'orders-10']],
    [{ q: '1.2.3' }, ['orders-10']],
    [{ q: '(a+)+$' }, []],
    [{ q: 'default' }, []],
  ])('%j', (query, expected) => {
    expect(titles(query)).toEqual(expected);
  });

  it('counts before paging, and pages', () => {
    const first = list({ limit: '3' });
    expect(first).toMatchObject({
      totalItems: 4,
      pageInfo: { nextCursor: '3' },
      summary: {
        states: {
          critical: 1,
          attention: 1,
          progressing: 0,
          unknown: 0,
          healthy: 2,
        },
        drifted: 1,
        behind: 1,
      },
      facets: {
        owners: [
          { value: 'group:default/shop', count: 3 },
          { value: 'group:default/pay', count: 1 },
        ],
        systems: [{ value: 'system:default/money', count: 1 }],
      },
    });
    expect(list({ limit: '3', cursor: '3' })).toMatchObject({
      items: [{ title: 'orders-10' }],
      pageInfo: { nextCursor: undefined },
    });
    expect(titles({ cursor: '999999' })).toEqual([]);
  });

  it.each([
    [{ state: 'red' }, 'state'],
    [{ limit: '100000' }, 'limit'],
    [{ cursor: '-1' }, 'cursor'],
    [{ owners: 'x' }, 'owners'],
    [{ q: 'x'.repeat(201) }, 'q'],
    [{ behind: 'perhaps' }, 'behind'],
  ])('refuses %j and names the field', (query, field) => {
    expect(
      JSON.stringify(servicesQuerySchema.safeParse(query).error?.issues),
    ).toContain(field);
  });
});
