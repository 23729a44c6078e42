import { createServiceFactory } from '@backstage/backend-plugin-api';
import { actionsRegistryServiceRef } from '@backstage/backend-plugin-api/alpha';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { actionsRegistryServiceMock } from '@backstage/backend-test-utils/alpha';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  alertsResponseSchema,
  metricsResponseSchema,
  servicesResponseSchema,
  slosResponseSchema,
  summaryResponseSchema,
} from '@waystone/plugin-observability-common';
import type { Slo } from '@waystone/plugin-observability-common';
import request from 'supertest';
import { startUpstreams } from './__testUtils__/startUpstreams';
import type { Upstreams } from './__testUtils__/startUpstreams';
import { observabilityPlugin } from './plugin';

const entity = (name: string, annotations: Record<string, string> = {}) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name,
    namespace: 'default',
    tags: ['java', 'spring-boot'],
    annotations: { 'backstage.io/kubernetes-id': name, ...annotations },
  },
  relations: [{ type: 'ownedBy', targetRef: 'group:default/shop' }],
  spec: { type: 'service', lifecycle: 'production', owner: 'shop' },
});

const entities = [
  entity('orders', { 'waystone.dev/slo': 'availability=99.9' }),
  entity('payments'),
  entity('mailer', { 'waystone.dev/metrics-service': 'up{job="x"}' }),
];

const base = '/api/observability';
const orders = `${base}/services/default/component/orders`;
const payments = `${base}/services/default/component/payments`;

jest.setTimeout(60_000);

describe('observability backend', () => {
  let upstreams: Upstreams;

  beforeEach(async () => {
    upstreams = await startUpstreams();
    upstreams.services = [
      {
        cluster: 'prod',
        namespace: 'shop-production',
        service: 'orders',
        requests: 100,
        errors: 12,
      },
      {
        cluster: 'prod',
        namespace: 'shop-production',
        service: 'payments',
        requests: 50,
        errors: 0.01,
      },
    ];
  });

  afterEach(() => upstreams.close());

  const start = async (
    options: {
      readonly decision?: AuthorizeResult.ALLOW | AuthorizeResult.DENY;
      /** What the catalog lets the caller see, if that depends on the entity. */
      readonly visible?: readonly string[];
    } = {},
  ) => {
    const catalog = catalogServiceMock({ entities });
    if (options.visible) {
      jest
        .spyOn(catalog, 'getEntitiesByRefs')
        .mockImplementation(async ({ entityRefs }) => ({
          items: entityRefs.map(ref =>
            options.visible!.includes(ref) ? entities[0] : undefined,
          ),
        }));
    }
    const actions = actionsRegistryServiceMock();
    const auditor = mockServices.auditor.mock({
      createEvent: async () => ({
        success: async () => {},
        fail: async () => {},
      }),
    });
    const result = options.decision ?? AuthorizeResult.ALLOW;
    const { server } = await startTestBackend({
      features: [
        observabilityPlugin,
        createServiceFactory({
          service: catalogServiceRef,
          deps: {},
          factory: () => catalog,
        }),
        createServiceFactory({
          service: actionsRegistryServiceRef,
          deps: {},
          factory: () => actions,
        }),
        auditor.factory,
        mockServices.permissions.mock({
          authorize: async requests => requests.map(() => ({ result })),
          authorizeConditional: async () => [
            options.visible
              ? {
                  result: AuthorizeResult.CONDITIONAL,
                  pluginId: 'catalog',
                  resourceType: 'catalog-entity',
                  conditions: {
                    rule: 'IS_ENTITY_OWNER',
                    resourceType: 'catalog-entity',
                    params: {},
                  },
                }
              : { result },
          ],
        }).factory,
        mockServices.rootConfig.factory({
          data: {
            waystone: {
              environments: [
                { name: 'development', cluster: 'nonprod' },
                { name: 'production', cluster: 'prod' },
              ],
              observability: { refresh: { seconds: 5 } },
              integrations: {
                prometheus: {
                  instances: [
                    { name: 'main', url: `${upstreams.url}/prometheus` },
                  ],
                },
                alertmanager: {
                  instances: [
                    { name: 'main', url: `${upstreams.url}/alertmanager` },
                  ],
                },
              },
            },
          },
        }),
      ],
    });
    const get = async (path: string) => {
      const response = await request(server).get(path);
      return { status: response.status, body: response.body };
    };
    return { get, server, actions, auditor };
  };

  /** Reads until it is as expected. */
  const eventually = async <T>(
    read: () => Promise<T>,
    fits: (value: T) => boolean,
  ): Promise<T> => {
    for (let attempt = 0; attempt < 250; attempt++) {
      const value = await read();
      if (fits(value)) {
        return value;
      }
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    throw new Error(`It never was: ${JSON.stringify(await read())}`);
  };

  const whenKnown = (get: Awaited<ReturnType<typeof start>>['get']) =>
    eventually(
      async () => (await get(`${base}/services`)).body,
      body => body.items?.some(({ health }: { health?: object }) => health),
    );

  it('lists services from memory, the worst first', async () => {
    const { get } = await start();
    await whenKnown(get);
    const asked = upstreams.takeRequests();
    // All services at once: the present, durations, two parts of the past, names, and the alerts of both.
    expect(asked.length).toBeLessThanOrEqual(10);
    const list = servicesResponseSchema.parse(
      (await get(`${base}/services`)).body,
    );
    expect(list.items.map(({ state, title }) => [title, state])).toEqual([
      ['orders', 'critical'],
      ['mailer', 'unknown'],
      ['payments', 'healthy'],
    ]);
    expect(list).toMatchObject({
      totalItems: 3,
      environment: 'production',
      summary: {
        states: { critical: 1, attention: 0, unknown: 1, healthy: 1 },
        exhausted: 1,
      },
      freshness: [
        { source: 'prometheus/main', stale: false },
        { source: 'alertmanager/main', stale: false },
      ],
    });
    expect(list.items[0].health).toMatchObject({
      environment: 'production',
      recipe: { id: 'otel-http' },
      signals: { requests: 100, errors: 0.12, p95Seconds: 0.25 },
      slos: [{ target: 0.999, source: 'annotation', state: 'exhausted' }],
    });
    expect(list.items[0].health!.trend!.errors.at(-1)).toBeCloseTo(0.12);
    expect(list.items[1].problems).toEqual([
      expect.stringContaining('looks like a query'),
    ]);
    const some = await get(`${base}/services?state=healthy&q=PAY&sort=errors`);
    expect(some.body.items).toMatchObject([{ title: 'payments' }]);
    const elsewhere = await get(`${base}/services?environment=development`);
    expect(elsewhere.body.summary.states.unknown).toBe(3);
    expect(upstreams.takeRequests()).toEqual([]);
  });

  it('takes what the rules of an application promise, whether or not they know the cluster', async () => {
    const common = { namespace: 'shop-production', cluster: 'prod' };
    upstreams.services = [
      {
        ...common,
        service: 'payments',
        requests: 50,
        errors: 0.1,
        promised: [
          [{ slo: 'availability', window: '7d' }, 0.99],
          [{ slo: 'latency', window: '30d', threshold: '0.5' }, 0.8],
          // Of another cluster, and of what nobody measures
          [{ slo: 'availability', window: '30d', cluster: 'other' }, 0.5],
          [{ slo: 'freshness', window: '30d' }, 0.5],
        ],
      },
    ];
    const { get } = await start();
    const answer = await eventually(
      async () => (await get(`${payments}/slos`)).body,
      ({ slos = [] }) =>
        slos.length > 1 && slos.every(({ requests }: Slo) => requests),
    );
    expect(slosResponseSchema.parse(answer).slos).toMatchObject([
      {
        name: 'availability',
        source: 'application',
        target: 0.99,
        windowDays: 7,
        state: 'met',
        budgetLeft: expect.closeTo(0.8),
        burnRates: expect.arrayContaining([
          { window: '1h', rate: expect.closeTo(0.2) },
        ]),
      },
      {
        name: 'latency',
        source: 'application',
        target: 0.8,
        thresholdSeconds: 0.5,
        budgetLeft: expect.closeTo(0.5),
      },
    ]);
  });

  it('tells of one service, and what one without metrics has to add', async () => {
    const { get } = await start();
    await whenKnown(get);
    const { service, instrumentation } = summaryResponseSchema.parse(
      (await get(`${orders}/summary`)).body,
    );
    expect(instrumentation).toBeUndefined();
    expect(service).toMatchObject({
      state: 'critical',
      sentence: expect.stringMatching(
        /^Failing\. 12 % of requests fail now, 120 times what was promised\. 88 % of 2[56]\d M requests in 30 days; p95 250 ms; the error budget is spent\.$/,
      ),
    });
    const mailer = summaryResponseSchema.parse(
      (await get(`${base}/services/default/component/mailer/summary`)).body,
    );
    expect(mailer.instrumentation).toMatchObject({
      language: 'Java with Spring Boot',
    });
    expect(JSON.stringify(mailer.instrumentation)).toContain(
      'micrometer-registry-prometheus',
    );
  });

  it('draws charts with six queries at most, however many look', async () => {
    const { get } = await start();
    await whenKnown(get);
    upstreams.takeRequests();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => [
        get(`${orders}/metrics?range=6h&compare=true`),
        get(`${orders}/slos`),
        get(`${orders}/alerts`),
      ]).flat(),
    );
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const asked = upstreams
      .takeRequests()
      .filter(each => each.includes('shop-production'));
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.length).toBeLessThanOrEqual(6);
    const charts = metricsResponseSchema.parse(answers[0].body);
    expect(charts.charts.map(({ id }) => id)).toEqual([
      'requests',
      'errors',
      'duration',
      'cpu',
      'memory',
    ]);
    const [requests, errors, duration, cpu] = charts.charts;
    expect(requests.series[0].values).toHaveLength(
      (charts.end - charts.start) / charts.step + 1,
    );
    expect(requests.series[0].yesterday?.[0]).toBe(100);
    expect(errors.series[0].values[0]).toBeCloseTo(0.12);
    expect(duration.series.map(({ id }) => id)).toEqual(['p50', 'p95', 'p99']);
    expect(cpu.problem).toBe('There are no metrics of containers.');
    const slos = slosResponseSchema.parse(answers[1].body);
    expect(slos.burned[0]).toEqual({
      route: '/pay',
      status: '500',
      failed: 30,
      share: 0.75,
    });
    expect(slos.days).toHaveLength(30);
    expect(slos.days.reduce((sum, { budget }) => sum + budget!, 0)).toBeCloseTo(
      120,
      -1,
    );
  });

  it('leaves gaps where there is no number, and says why a chart is empty', async () => {
    upstreams.values = ['NaN', '+Inf', '5'];
    upstreams.warnings = ['a store did not answer'];
    const { get } = await start();
    await whenKnown(get);
    const { charts, warnings } = metricsResponseSchema.parse(
      (await get(`${orders}/metrics?range=1h`)).body,
    );
    expect(charts[0].series[0].values.slice(0, 3)).toEqual([null, null, 5]);
    expect(warnings).toEqual(['a store did not answer']);
    upstreams.values = ['NaN'];
    const empty = metricsResponseSchema.parse(
      (await get(`${orders}/metrics?range=24h`)).body,
    );
    expect(empty.charts[0]).toMatchObject({
      series: [],
      problem: 'There are no metrics of requests.',
    });
    expect(empty.charts[1].problem).toBe('There were no requests.');
  });

  it.each([
    ['an hour', 3600],
    ['90 days, the longest', 90 * 86_400],
  ])(
    'asks for no more points than Prometheus gives: %s',
    async (_, seconds) => {
      const { get } = await start();
      await whenKnown(get);
      const to = Math.floor(Date.now() / 1000) - 3600;
      const {
        charts,
        end,
        start: from,
        step,
      } = metricsResponseSchema.parse(
        (await get(`${orders}/metrics?from=${to - seconds}&to=${to}`)).body,
      );
      expect(end - from).toBeGreaterThanOrEqual(seconds - step);
      // At 11,001 it refuses.
      expect((end - from) / step).toBeLessThan(11_000);
      expect(charts[0].series[0].values.length).toBeGreaterThan(20);
    },
  );

  it('says what is too large, and keeps the rest', async () => {
    const { get } = await start();
    await whenKnown(get);
    upstreams.padding = 50_000_000;
    const { body, status } = await get(`${orders}/metrics?range=7d`);
    expect(status).toBe(502);
    expect(body.error.message).toMatch(/prometheus\/main|Prometheus.*main/i);
    expect(body.error.message.length).toBeLessThan(500);
    expect((await get(`${orders}/summary`)).status).toBe(200);
  });

  it('follows the clock of a Prometheus that is ten minutes ahead', async () => {
    upstreams.skew = 600;
    const { get } = await start();
    await whenKnown(get);
    const { end, warnings } = metricsResponseSchema.parse(
      (await get(`${orders}/metrics?range=1h`)).body,
    );
    expect(Math.abs(end - (Date.now() / 1000 + 600))).toBeLessThan(120);
    expect(warnings).toEqual([
      "The clock of Prometheus is 10 min ahead of the portal's. Times are those of Prometheus.",
    ]);
  });

  it('keeps the last state while the sources are down, and recovers', async () => {
    const { get } = await start();
    await whenKnown(get);
    upstreams.down = true;
    const stale = await eventually(
      async () => (await get(`${base}/services`)).body,
      body => body.freshness.every((each: { stale: boolean }) => each.stale),
    );
    expect(stale.items[0]).toMatchObject({
      title: 'orders',
      state: 'critical',
    });
    expect(stale.freshness[0]).toMatchObject({
      observedAt: expect.any(String),
      reason: expect.stringContaining('out of order'),
    });
    upstreams.down = false;
    upstreams.services[0].errors = 0;
    const healed = await eventually(
      async () => (await get(`${base}/services`)).body,
      body => body.freshness.every((each: { stale: boolean }) => !each.stale),
    );
    expect(
      healed.items.find(({ title }: { title: string }) => title === 'orders')
        .health.signals.errors,
    ).toBe(0);
  });

  it('lists alerts with who is told, and what is pending', async () => {
    const labels = {
      alertname: 'HighErrorRatio',
      severity: 'critical',
      namespace: 'shop-production',
      cluster: 'prod',
      service: 'orders',
      team: 'shop',
    };
    const fired = (changes: object) => ({
      fingerprint: 'f',
      labels,
      annotations: {
        summary: 'orders fails <b>12 %</b>',
        runbook_url: 'https://docs.example/orders',
      },
      receivers: [{ name: 'shop-on-call' }],
      startsAt: '2026-01-01T00:00:00Z',
      endsAt: '2036-01-01T00:00:00Z',
      updatedAt: '2026-01-01T00:00:00Z',
      status: { state: 'active', silencedBy: [], inhibitedBy: [] },
      ...changes,
    });
    upstreams.fired = [
      fired({}),
      fired({
        labels: { alertname: 'DiskFull', severity: 'page', team: 'storage' },
        annotations: { runbook_url: 'data:text/html,x' },
      }),
      fired({
        labels: { ...labels, alertname: 'Slow', severity: 'ticket' },
        status: { state: 'suppressed', silencedBy: ['s'], inhibitedBy: [] },
      }),
      fired({ labels: { alertname: 'Watchdog', severity: 'none' } }),
    ];
    upstreams.ruled = [
      {
        labels: { ...labels, alertname: 'Later', severity: 'info' },
        annotations: {},
        state: 'pending',
        activeAt: '2026-01-01T00:00:00Z',
        value: '1e+00',
      },
      { labels, annotations: {}, state: 'firing', value: '1e+00' },
    ];
    const { get } = await start();
    await whenKnown(get);
    const all = alertsResponseSchema.parse((await get(`${base}/alerts`)).body);
    const found = all.items.map(({ name, severity, state }) => [
      name,
      state,
      severity,
    ]);
    // Two that are as bad and as old are in no order.
    expect(found.slice(0, 2).sort()).toEqual([
      ['DiskFull', 'firing', 'critical'],
      ['HighErrorRatio', 'firing', 'critical'],
    ]);
    expect(found.slice(2)).toEqual([
      ['Later', 'pending', 'info'],
      ['Slow', 'suppressed', 'warning'],
    ]);
    expect(
      all.items.find(({ name }) => name === 'HighErrorRatio'),
    ).toMatchObject({
      entityRef: 'component:default/orders',
      owner: 'group:default/shop',
      environment: 'production',
      receivers: ['shop-on-call'],
      runbook: 'https://docs.example/orders',
      since: '2026-01-01T00:00:00.000Z',
    });
    const disk = all.items.find(({ name }) => name === 'DiskFull')!;
    expect(disk).toMatchObject({ owner: 'storage' });
    expect(disk.runbook).toBeUndefined();
    const some = await get(
      `${base}/alerts?severity=critical&owner=group:default/shop&environment=production`,
    );
    expect(some.body.items).toMatchObject([{ name: 'HighErrorRatio' }]);
    const own = await get(`${base}/services/default/component/payments/alerts`);
    expect(own.body.items).toEqual([]);
  });

  it('shows only what the catalog lets the caller see', async () => {
    const { get } = await start({ visible: ['component:default/payments'] });
    await whenKnown(get);
    const { body } = await get(`${base}/services`);
    expect(body.items.map(({ title }: { title: string }) => title)).toEqual([
      'payments',
    ]);
    expect((await get(`${orders}/summary`)).status).toBe(404);
    expect((await get(`${orders}/metrics`)).status).toBe(404);
    expect((await get(`${orders}/slos`)).status).toBe(404);
  });

  it('refuses who may not, who is nobody, and what is no query', async () => {
    const denied = await start({ decision: AuthorizeResult.DENY });
    const refused = await denied.get(`${base}/services`);
    expect(refused.status).toBe(403);
    expect(refused.body.error.message).toContain('observability.service.read');
    const { get, server } = await start();
    await whenKnown(get);
    const nobody = await request(server)
      .get(`${base}/services`)
      .set('authorization', mockCredentials.none.header());
    expect(nobody.status).toBe(401);
    for (const [path, word] of [
      [`${base}/services?limit=9999`, 'limit'],
      [`${base}/services?query=up`, 'query'],
      [`${orders}/metrics?from=5`, 'from'],
      [`${orders}/metrics?from=20&to=10`, 'to'],
      [`${orders}/metrics?from=20&to=20`, 'to'],
      [`${orders}/metrics?from=NaN&to=Infinity`, 'from'],
      [`${orders}/metrics?from=1000&to=9000000000`, 'from'],
      [`${orders}/metrics?from=9000000000&to=9000000100`, 'from'],
      [`${orders}/metrics?range=up`, 'range'],
      [`${base}/alerts?severity=loud`, 'severity'],
    ]) {
      const { body, status } = await get(path);
      expect([path, status]).toEqual([path, 400]);
      expect(body.error.message).toContain(word);
    }
    const elsewhere = await get(`${orders}/metrics?environment=moon`);
    expect(elsewhere).toMatchObject({ status: 404 });
    expect((await get(`${base}/openapi.json`)).body.paths).toHaveProperty(
      '/services/{namespace}/{kind}/{name}/slos',
    );
  });

  it('answers assistants as the caller', async () => {
    const { actions, auditor, get } = await start();
    await whenKnown(get);
    const { output } = await actions.invoke({
      id: 'test:get-service-health',
      input: { entityRef: 'orders' },
      credentials: mockCredentials.user(),
    });
    expect(output).toMatchObject({
      entityRef: 'component:default/orders',
      state: 'critical',
      environments: [{ environment: 'production', errorRatio: 0.12 }],
    });
    expect(auditor.createEvent).toHaveBeenCalledWith(
      expect.objectContaining({
        eventId: 'service-health-read',
        actor: 'user:default/mock',
        meta: { entityRef: 'component:default/orders' },
      }),
    );
    await expect(
      actions.invoke({
        id: 'test:get-service-health',
        input: { entityRef: 'component:default/nothing' },
        credentials: mockCredentials.user(),
      }),
    ).rejects.toThrow("No service 'component:default/nothing' is known");
  });
});
