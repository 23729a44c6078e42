import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mockServices } from '@backstage/backend-test-utils';
import { PillarFacts } from './PillarFacts';

const ORDERS = 'component:default/orders';
const PAYMENTS = 'component:default/payments';

describe('PillarFacts', () => {
  let answers: Record<string, object | undefined>;
  const server = createServer((req, res) => {
    const { pathname, searchParams } = new URL(req.url!, 'http://localhost');
    const body =
      answers[[pathname, searchParams.get('cursor')].filter(Boolean).join(' ')];
    res
      .writeHead(body ? 200 : 503, { 'content-type': 'application/json' })
      .end(JSON.stringify(body ?? { error: { message: 'Not now' } }));
  });
  let facts: PillarFacts;

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    const { port } = server.address() as AddressInfo;
    facts = new PillarFacts({
      auth: mockServices.auth(),
      discovery: mockServices.discovery.mock({
        getBaseUrl: async id => `http://127.0.0.1:${port}/${id}`,
      }),
      logger: mockServices.logger.mock(),
    });
    answers = {
      '/delivery/services': {
        items: [
          {
            entityRef: ORDERS,
            state: 'critical',
            deployments: [{ drifted: 1 }, {}, { drifted: 2 }],
          },
        ],
        pageInfo: { nextCursor: '1' },
      },
      '/delivery/services 1': {
        items: [{ entityRef: PAYMENTS, state: 'unknown', deployments: [] }],
        pageInfo: {},
      },
      '/observability/services': {
        items: [
          {
            entityRef: ORDERS,
            state: 'healthy',
            health: {
              recipe: { id: 'otel' },
              slos: [{ budgetLeft: 0.7 }, { budgetLeft: null }],
            },
          },
          { entityRef: PAYMENTS, state: 'unknown' },
        ],
        pageInfo: {},
      },
      '/techdocs/native/builds': {
        items: [
          { entityRef: ORDERS, state: 'built', problemCount: 2, stale: false },
          {
            entityRef: PAYMENTS,
            state: 'failed',
            problemCount: 0,
            stale: true,
          },
        ],
      },
    };
  });

  const all = (entityRef: string) =>
    Object.fromEntries(
      [
        'delivery.state',
        'delivery.deployments',
        'delivery.drifted',
        'observability.state',
        'observability.measured',
        'observability.objectives',
        'observability.budgetLeft',
        'docs.built',
        'docs.problems',
        'docs.stale',
      ].map(name => [name, facts.get(entityRef, name)]),
    );

  it('should have what each pillar says, and tell what nobody knows from what is not so', async () => {
    expect(new Set(Object.values(all(ORDERS)))).toEqual(new Set([undefined]));
    await facts.refresh();
    expect(all(ORDERS)).toEqual({
      'delivery.state': 'critical',
      'delivery.deployments': 3,
      'delivery.drifted': 3,
      'observability.state': 'healthy',
      'observability.measured': true,
      'observability.objectives': 2,
      'observability.budgetLeft': 0.7,
      'docs.built': true,
      'docs.problems': 2,
      'docs.stale': false,
    });
    expect(all(PAYMENTS)).toEqual({
      'delivery.state': undefined,
      'delivery.deployments': 0,
      'delivery.drifted': 0,
      'observability.state': undefined,
      'observability.measured': false,
      'observability.objectives': 0,
      'observability.budgetLeft': undefined,
      'docs.built': false,
      'docs.problems': 0,
      'docs.stale': true,
    });
    expect(all('component:default/unheard-of')).toMatchObject({
      'delivery.deployments': 0,
      'observability.measured': undefined,
      'docs.built': undefined,
    });
  });

  it('should keep what it knew of a pillar that does not answer, and say so', async () => {
    await facts.refresh();
    answers['/observability/services'] = undefined;
    answers['/techdocs/native/builds'] = { items: 'none' };
    await facts.refresh();
    expect(all(ORDERS)).toMatchObject({
      'observability.measured': true,
      'docs.built': true,
    });
    expect(
      Object.fromEntries(
        facts.freshness.map(({ source, stale }) => [source, stale]),
      ),
    ).toEqual({ delivery: false, observability: true, docs: true });
  });
});
