import { mockCredentials, TestDatabases } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  checkResponseSchema,
  entityScorecardsResponseSchema,
  groupsResponseSchema,
  misconfigurationsResponseSchema,
  policiesResponseSchema,
  scorecardsResponseSchema,
  secretsResponseSchema,
  serviceGovernanceSchema,
  trendResponseSchema,
  violationsResponseSchema,
  vulnerabilitiesResponseSchema,
} from '@waystone/plugin-governance-common';
import { startGovernance } from './__testUtils__/startGovernance';
import type { StartOptions } from './__testUtils__/startGovernance';

const lists = ['/violations', '/vulnerabilities', '/misconfigurations'];
const reads = [
  ...lists,
  ...lists.map(path => `${path}/groups?by=key`),
  '/policies',
  '/trend?type=violation',
  '/services/default/component/orders',
  '/secrets',
  '/scorecards',
  '/scorecards/default/component/orders',
];

jest.setTimeout(60_000);

describe('governance backend', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

  const start = (options?: StartOptions) => startGovernance(databases, options);

  const filled = async (get: Awaited<ReturnType<typeof start>>['get']) => {
    for (;;) {
      const { body } = await get('/violations?owner=group:default/orders');
      if (body.totalItems === 1) {
        return;
      }
      await new Promise(resolve => {
        setTimeout(resolve, 20);
      });
    }
  };

  it('answers as its contract says', async () => {
    const { get } = await start();
    await filled(get);
    const violations = violationsResponseSchema.parse(
      (await get('/violations?sort=service')).body,
    );
    expect(violations).toMatchObject({
      totalItems: 2,
      summary: { severities: { medium: 2 }, overdue: 0, services: 2 },
      capped: [{ policy: 'no-latest-tag', total: 40, known: 4 }],
      items: [
        {
          policy: 'no-latest-tag',
          engine: 'gatekeeper',
          objects: 3,
          subject: {
            entityRef: 'component:default/orders',
            environment: 'production',
          },
        },
        { subject: { name: 'payments' } },
      ],
      facets: { owners: [{ count: 1 }, { count: 1 }] },
      freshness: [{ source: 'gatekeeper/prod', stale: false }],
    });
    // Medium never is due, by the configuration.
    expect(violations.items[0].due).toBeUndefined();

    const page = (await get('/vulnerabilities?limit=1&sort=service')).body;
    expect(page.pageInfo.nextCursor).toBe('1');
    const second = vulnerabilitiesResponseSchema.parse(
      (await get('/vulnerabilities?limit=1&sort=service&cursor=1')).body,
    );
    expect(second.items).toEqual([
      expect.objectContaining({
        vulnerability: 'CVE-1',
        fixed: '3.3.2',
        image: 'r.example/shop/main:1.0.0',
        subject: expect.objectContaining({ name: 'payments' }),
      }),
    ]);
    expect(page.items[0].id).not.toBe(second.items[0].id);
    misconfigurationsResponseSchema.parse(
      (await get('/misconfigurations')).body,
    );
    expect(
      groupsResponseSchema.parse(
        (await get('/vulnerabilities/groups?by=package')).body,
      ).items,
    ).toMatchObject([{ value: 'openssl', count: 2, services: 2 }]);
    expect(
      policiesResponseSchema.parse((await get('/policies')).body).items,
    ).toMatchObject([
      {
        title: 'No moving tags',
        violations: 2,
        places: [{ cluster: 'prod', action: 'deny', total: 40 }],
      },
    ]);
    expect(
      serviceGovernanceSchema.parse(
        (await get('/services/default/Component/Orders')).body,
      ),
    ).toMatchObject({ state: 'attention', reason: '1 high to repair' });
    trendResponseSchema.parse((await get('/trend?type=violation')).body);
    const cards = entityScorecardsResponseSchema.parse(
      (await get('/scorecards/default/component/orders')).body,
    );
    expect(cards.items.find(({ name }) => name === 'security')?.checks).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: 'refused-policies', result: 'fail' }),
        expect.objectContaining({ id: 'no-critical', result: 'pass' }),
      ]),
    );
    // Nobody knows of deliveries here, and that is no failure.
    expect(
      cards.items
        .find(({ name }) => name === 'production-readiness')
        ?.checks.find(({ id }) => id === 'runs')?.result,
    ).toBe('unknown');
    const all = scorecardsResponseSchema.parse(
      (await get('/scorecards?owner=group:default/orders')).body,
    );
    expect(all.items[0]).toMatchObject({
      services: 1,
      teams: [{ owner: 'group:default/orders' }],
    });
  });

  it('answers nobody who is not signed in, and nobody without the permission', async () => {
    const { get } = await start({ decision: AuthorizeResult.DENY });
    for (const path of reads) {
      expect((await get(path, mockCredentials.none.header())).status).toBe(401);
      const denied = await get(path);
      expect(denied.status).toBe(403);
      expect(denied.body.error.message).toContain('governance.finding.read');
    }
  });

  it('tells of no more than what the caller may see', async () => {
    const { get } = await start({ visible: ['component:default/orders'] });
    await filled(get);
    for (const path of lists.slice(0, 2)) {
      const { body } = await get(path);
      expect(body.totalItems).toBe(1);
      expect(JSON.stringify(body)).not.toContain('payments');
    }
    expect((await get('/violations')).body.capped).toEqual([]);
    expect((await get('/policies')).body.items[0].violations).toBe(1);
    const groups = await get('/vulnerabilities/groups?by=service');
    expect(JSON.stringify(groups.body)).not.toContain('payments');
    const hidden = await get('/services/default/component/payments');
    const missing = await get('/services/default/component/nothing');
    expect([hidden.status, missing.status]).toEqual([404, 404]);
    expect(hidden.body.error.message.replace('payments', 'nothing')).toBe(
      missing.body.error.message,
    );
  });

  it('tells of secrets to those who may know, and of no value to anybody', async () => {
    const { get } = await start({ secretsOf: ['component:default/orders'] });
    await filled(get);
    let response = await get('/secrets');
    while (response.body.totalItems < 2) {
      response = await get('/secrets');
    }
    const { items, overdue } = secretsResponseSchema.parse(response.body);
    expect(overdue).toBe(1);
    expect(items).toMatchObject([
      {
        path: 'secret/orders/production',
        environment: 'production',
        owner: 'group:default/orders',
        version: 3,
        rotationDue: '2026-01-31T00:00:00.000Z',
        overdue: true,
        consumers: [
          {
            cluster: 'prod',
            kind: 'ExternalSecret',
            name: 'orders',
            namespace: 'shop-production',
          },
        ],
      },
      { path: 'secret/orders/staging', overdue: false, consumers: [] },
    ]);
    expect(response.text).not.toContain('payments');
    const own = await get('/secrets?entity=component:default/orders');
    expect(own.body.totalItems).toBe(2);
    const hidden = await get('/secrets?entity=component:default/payments');
    const missing = await get('/secrets?entity=component:default/nothing');
    expect([hidden.status, missing.status]).toEqual([404, 404]);
    expect(hidden.body.error.message.replace('payments', 'nothing')).toBe(
      missing.body.error.message,
    );
  });

  it('refuses manifests that are too much before it asks a cluster', async () => {
    const { post } = await start();
    const object = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a', namespace: 'shop-production' },
    };
    for (const [body, status, message] of [
      [{ environment: 'mars', manifests: [object] }, 400, 'production'],
      [{ environment: 'production', manifests: 'a: [' }, 400, 'no YAML'],
      [{ environment: 'production', manifests: '' }, 400, 'no object'],
      [
        { environment: 'production', manifests: Array(101).fill(object) },
        400,
        'manifests',
      ],
      [
        {
          environment: 'production',
          manifests:
            'a: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]',
        },
        400,
        'aliases',
      ],
      [
        { environment: 'production', manifests: 'x'.repeat(1_100_000) },
        413,
        'large',
      ],
    ] as const) {
      const refused = await post('/check', body);
      expect(refused.status).toBe(status);
      expect(refused.body.error.message).toContain(message);
    }
    const { body } = await post('/check', {
      environment: 'production',
      manifests: [
        { ...object, metadata: { name: 'a', namespace: 'kube-system' } },
        { ...object, apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role' },
        { kind: 'ConfigMap' },
      ],
    });
    expect(checkResponseSchema.parse(body)).toMatchObject({
      outcome: 'refused',
      objects: [
        { outcome: 'refused', verdicts: [{ field: 'metadata.namespace' }] },
        { outcome: 'refused', verdicts: [{ field: 'kind' }] },
        { outcome: 'refused', verdicts: [{ field: 'apiVersion' }] },
      ],
    });
  });

  it('answers assistants what it answers the caller', async () => {
    const { actions, get } = await start({
      visible: ['component:default/orders'],
    });
    await filled(get);
    const credentials = mockCredentials.user();
    expect((await actions.list()).actions.map(({ id }) => id)).toEqual([
      'test:list-violations',
      'test:check',
    ]);
    const { output } = await actions.invoke({
      id: 'test:list-violations',
      credentials,
      input: { limit: 5 },
    });
    expect(output).toMatchObject({
      totalItems: 1,
      violations: [
        { policy: 'no-latest-tag', service: 'component:default/orders' },
      ],
      stale: [],
    });

    const { actions: denied } = await start({ decision: AuthorizeResult.DENY });
    for (const [id, input] of [
      ['test:list-violations', {}],
      ['test:check', { environment: 'production', manifests: 'a: b' }],
    ] as const) {
      await expect(denied.invoke({ id, credentials, input })).rejects.toThrow(
        'You lack the permission governance.',
      );
    }
  });

  it('describes itself, and refuses bad queries', async () => {
    const { get } = await start();
    const { body } = await get('/openapi.json');
    for (const path of reads) {
      const template = path
        .replace(/\?.*/, '')
        .replace('/default/component/orders', '/{namespace}/{kind}/{name}');
      expect(body.paths).toHaveProperty([template, 'get']);
    }
    for (const [query, message] of [
      ['/violations?severity=red', 'severity'],
      ['/violations?cursor=x', 'cursor'],
      ['/violations?limit=100000', 'limit'],
      ['/violations?nonsense=1', 'nonsense'],
      ['/violations/groups?by=mood', 'by'],
      ['/trend?type=x', 'type'],
    ]) {
      const refused = await get(query);
      expect(refused.status).toBe(400);
      expect(refused.body.error.message).toContain(message);
    }
  });
});
