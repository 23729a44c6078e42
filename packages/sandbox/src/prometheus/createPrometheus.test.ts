import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { createTestContext } from '../testUtils/createTestContext';
import { deployment, TestCluster } from '../testUtils/TestCluster';
import { createPrometheus } from './createPrometheus';
import type { Prometheus } from './createPrometheus';
import { installPlatformRules } from './installPlatformRules';
import type { AlertNotice } from './rules/RuleManager';

const REQUESTS = 'http_server_request_duration_seconds_count';
const WEB = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: 'default',
  name: 'web',
};

describe('the Prometheus of the sandbox', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-prometheus-'));
  const notices: AlertNotice[] = [];
  let test: TestCluster;
  let prometheus: Prometheus;
  let server: Server;
  let url: string;
  let ahead = 0;

  const now = () => Date.now() + ahead;
  const start = async () => {
    prometheus = createPrometheus(createTestContext({ stateFolder: folder }), {
      clusters: [test.cluster],
      now,
      notify: news => notices.push(...news),
    });
    await prometheus.start?.();
  };

  beforeAll(async () => {
    test = new TestCluster();
    test.cluster.create(deployment({ replicas: 2 }));
    await test.until(
      () => test.cluster.get(WEB)?.status?.availableReplicas === 2,
    );
    await start();
    // Watches tell what is there in a microtask.
    await Promise.resolve();
    const app = express().use('/prometheus', (req, res, next) =>
      prometheus.handler(req, res, next),
    );
    server = createServer(app).listen(0, '127.0.0.1');
    await new Promise(resolve => server.once('listening', resolve));
    url = `http://127.0.0.1:${
      (server.address() as AddressInfo).port
    }/prometheus`;
  });

  afterAll(async () => {
    await prometheus.stop?.();
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
    await test.stop();
    rmSync(folder, { recursive: true });
  });

  const call = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${url}${path}`, {
      ...init,
      headers: { authorization: 'Bearer token-of-the-tests', ...init.headers },
    });
    return { status: response.status, body: await response.text() };
  };

  const read = async (endpoint: string, parameters: Record<string, string>) => {
    const { body } = await call(
      `/api/v1/${endpoint}?${new URLSearchParams(parameters)}`,
    );
    return JSON.parse(body) as { data: any; error?: string };
  };

  /** The values of a query, by nothing but their order. */
  const valuesOf = async (query: string, time = now()): Promise<number[]> => {
    const { data } = await read('query', { query, time: String(time / 1000) });
    return data.result.map((item: { value: [number, string] }) =>
      Number(item.value[1]),
    );
  };

  it('has a month of history at once, in which counters only grow', async () => {
    const end = now() / 1000;
    const { data } = await read('query_range', {
      query: `sum(rate(${REQUESTS}[10m]))`,
      start: String(end - 29 * 86_400),
      end: String(end),
      step: '3600',
    });
    const values = data.result[0].values.map(([, value]: [number, string]) =>
      Number(value),
    );
    expect(values).toHaveLength(29 * 24 + 1);
    expect(Math.min(...values)).toBeGreaterThan(0);
    // A day has its busy hours.
    expect(Math.max(...values)).toBeGreaterThan(1.5 * Math.min(...values));
    expect(await valuesOf(`sum(resets(${REQUESTS}[12h]))`)).toEqual([0]);
    expect(
      await valuesOf(
        `sum(http_server_request_duration_seconds_bucket{le="+Inf"}) - sum(${REQUESTS})`,
      ),
    ).toEqual([0]);
    const [slowest] = await valuesOf(
      'histogram_quantile(0.99, sum by (le) (rate(http_server_request_duration_seconds_bucket[1h])))',
    );
    expect(slowest).toBeGreaterThan(0.05);
    expect(slowest).toBeLessThan(10);
  });

  it('tells the same story again', async () => {
    const time = now() - 3_600_000;
    const before = await valuesOf(`sum(${REQUESTS})`, time);
    await prometheus.stop?.();
    await start();
    expect(await valuesOf(`sum(${REQUESTS})`, time)).toEqual(before);
  });

  it('shows what a story does, from its time on', async () => {
    const failed = `sum(rate(${REQUESTS}{http_response_status_code="500"}[5m])) / sum(rate(${REQUESTS}[5m]))`;
    const before = now();
    prometheus.traffic.set(
      { service: 'web', environment: 'default' },
      { errorRatio: 0.5, rateFactor: 3, latencyFactor: 4 },
    );
    ahead += 600_000;
    expect((await valuesOf(failed))[0]).toBeCloseTo(0.5, 1);
    expect((await valuesOf(failed, before))[0]).toBeLessThan(0.1);
    const [rate] = await valuesOf(`sum(rate(${REQUESTS}[5m]))`);
    const [usual] = await valuesOf(`sum(rate(${REQUESTS}[5m]))`, before);
    expect(rate / usual).toBeGreaterThan(2);
    prometheus.traffic.reset();
    ahead += 600_000;
    expect((await valuesOf(failed))[0]).toBeLessThan(0.1);
  });

  it('follows pods that come and go', async () => {
    test.cluster.patch(WEB, { spec: { replicas: 3 } });
    await test.until(
      () => test.cluster.get(WEB)?.status?.availableReplicas === 3,
    );
    ahead += 120_000;
    expect(await valuesOf('sum(up{service="web"})')).toEqual([3]);
    expect(await valuesOf('kube_deployment_status_replicas_available')).toEqual(
      [3],
    );
    expect(
      await valuesOf('count(kube_pod_status_ready{condition="true"} == 1)'),
    ).toEqual([3]);
    expect(await valuesOf('sum(up)', now() - 3_600_000)).toEqual([2]);
    test.cluster.patch(WEB, { spec: { replicas: 1 } });
    await test.until(() => test.pods().length === 1);
    ahead += 120_000;
    expect(await valuesOf('count(up)')).toEqual([1]);
  });

  it('evaluates the rules of platform/observability', async () => {
    installPlatformRules(test.cluster);
    test.cluster.patch(WEB, { metadata: { labels: { owner: 'shop' } } });
    await Promise.resolve();
    await prometheus.evaluateRules();
    const { data } = await read('rules', {});
    const rules = data.groups.flatMap((group: any) => group.rules);
    expect(rules.length).toBeGreaterThan(15);
    expect(rules.filter(({ health }: any) => health !== 'ok')).toEqual([]);
    expect(await valuesOf('service:requests:rate5m')).toEqual([
      expect.any(Number),
    ]);
    const [failed] = await valuesOf('service:errors:ratio_rate3d');
    expect(failed).toBeLessThan(0.01);
    expect(
      await valuesOf('service:owner:info{service="web",team="shop"}'),
    ).toEqual([1]);
    // Whose budget is spent too fast, with the owner's label.
    prometheus.traffic.set(
      { service: 'web', environment: 'default' },
      { errorRatio: 0.5 },
    );
    ahead += 3_600_000;
    // The groups are evaluated in any order, and the alert holds for a minute.
    for (let round = 0; round < 3; round++) {
      ahead += 120_000;
      await prometheus.evaluateRules();
    }
    expect(
      await valuesOf(
        'ALERTS{alertname="ErrorBudgetBurn",alertstate="firing",team="shop",window="1h"}',
      ),
    ).toEqual([1]);
    prometheus.traffic.reset();
    test.cluster.delete({
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      namespace: 'monitoring',
      name: 'service-golden-signals',
    });
    notices.length = 0;
  });

  it('evaluates rules: pending, firing, ended', async () => {
    test.cluster.create({
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        groups: [
          {
            name: 'web',
            rules: [
              { record: 'service:up:sum', expr: 'sum by (service) (up)' },
              {
                alert: 'TooFew',
                expr: 'kube_deployment_spec_replicas < 2',
                for: '1m',
                labels: { severity: 'warning', team: 'shop' },
                annotations: {
                  summary:
                    '{{ $labels.deployment }} has {{ $value | humanize }}',
                },
              },
              { alert: 'Broken', expr: 'sum(' },
            ],
          },
        ],
      },
    });
    await Promise.resolve();
    const alerts = async () => (await read('alerts', {})).data.alerts;
    await prometheus.evaluateRules();
    expect(await alerts()).toMatchObject([{ state: 'pending' }]);
    expect(notices).toEqual([]);
    ahead += 61_000;
    await prometheus.evaluateRules();
    expect(await alerts()).toMatchObject([
      {
        state: 'firing',
        value: '1e+00',
        labels: { alertname: 'TooFew', severity: 'warning', team: 'shop' },
        annotations: { summary: 'web has 1' },
      },
    ]);
    expect(notices).toMatchObject([{ labels: { alertname: 'TooFew' } }]);
    expect(notices[0].endsAt).toBeGreaterThan(now());
    expect(await valuesOf('ALERTS{alertstate="firing"}')).toEqual([1]);
    expect(await valuesOf('service:up:sum')).toEqual([1]);

    const { data } = await read('rules', {});
    const [, firing, broken] = data.groups[0].rules;
    expect(firing).toMatchObject({
      query: 'kube_deployment_spec_replicas < 2',
      duration: 60,
      health: 'ok',
    });
    expect(broken).toMatchObject({
      health: 'err',
      lastError: expect.stringContaining('unclosed left parenthesis'),
    });

    test.cluster.patch(WEB, { spec: { replicas: 2 } });
    await test.until(
      () => test.cluster.get(WEB)?.status?.availableReplicas === 2,
    );
    ahead += 61_000;
    await prometheus.evaluateRules();
    expect(await alerts()).toEqual([]);
    expect(notices.at(-1)!.endsAt).toBeLessThanOrEqual(now());
    expect(await valuesOf('ALERTS')).toEqual([]);
  });

  it('shows a Deployment that does not come up', async () => {
    const broken = deployment({
      name: 'broken',
      image: 'registry.nowhere.example/test/broken:1.0.0',
    });
    test.cluster.create(broken);
    await test.until(() =>
      test
        .pods()
        .some(
          ({ status }) =>
            status?.containerStatuses?.[0]?.state?.waiting?.reason ===
            'ImagePullBackOff',
        ),
    );
    ahead += 60_000;
    expect(
      await valuesOf(
        'kube_deployment_status_replicas_unavailable{deployment="broken"}',
      ),
    ).toEqual([1]);
    expect(
      await valuesOf(
        'sum(kube_pod_container_status_waiting_reason{container="broken",reason=~"ErrImagePull|ImagePullBackOff"})',
      ),
    ).toEqual([1]);
    expect(await valuesOf('up{service="broken"}')).toEqual([0]);
  });

  it('answers over HTTP as Prometheus does', async () => {
    expect((await fetch(`${url}/api/v1/query?query=up`)).status).toBe(401);
    expect((await fetch(`${url}/-/ready`)).status).toBe(200);
    const basic = Buffer.from('portal:token-of-the-tests').toString('base64');
    const byPassword = await call('/api/v1/query?query=1', {
      headers: { authorization: `Basic ${basic}` },
    });
    expect(byPassword.status).toBe(200);
    const posted = await call('/api/v1/query?time=5', {
      method: 'POST',
      body: new URLSearchParams({ query: 'time()' }),
    });
    expect(JSON.parse(posted.body).data).toEqual({
      resultType: 'scalar',
      result: [5, '5'],
    });
    expect(await call('/api/v1/nothing')).toEqual({
      status: 404,
      body: '404 page not found\n',
    });
    expect((await call('/api/v1/rules', { method: 'POST' })).status).toBe(405);
  });

  it.each([
    ['query?query=sum(', 400, 'bad_data', 'unclosed left parenthesis'],
    ['query?query=up&time=x', 400, 'bad_data', "invalid time value for 'time'"],
    ['query?query=up&limit=-1', 400, 'bad_data', 'limit must be non-negative'],
    ['query?query=topk(NaN,up)', 422, 'execution', 'Parameter value is NaN'],
    ['query?query=up&timeout=0', 503, 'timeout', 'query timed out'],
    [
      'query_range?query=up&start=1&end=20000&step=1',
      400,
      'bad_data',
      '11,000',
    ],
    [
      'query_range?query=up&start=2&end=1&step=1',
      400,
      'bad_data',
      'must not be before',
    ],
    [
      'query_range?query=up&start=1&end=2&step=0',
      400,
      'bad_data',
      'zero or negative',
    ],
    [
      'query_range?query=up[5m]&start=1&end=2&step=1',
      400,
      'bad_data',
      'range vector',
    ],
    ['series', 400, 'bad_data', 'no match[] parameter provided'],
    ['series?match[]={}', 400, 'bad_data', 'at least one non-empty matcher'],
    ['series?match[]=sum(up)', 400, 'bad_data', '1:4: parse error: unexpected'],
    ['rules?type=x', 400, 'bad_data', 'not supported value'],
  ])('refuses %s', async (path, status, errorType, error) => {
    const answer = await call(`/api/v1/${path}`);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toEqual({
      status: 'error',
      errorType,
      error: expect.stringContaining(error),
    });
  });

  it('refuses what is too much before it begins, and what cannot be decoded', async () => {
    const { status, body } = await call(
      `/api/v1/query?${new URLSearchParams({
        query: 'sum_over_time(up[10y:1s])',
      })}`,
    );
    expect(status).toBe(422);
    expect(body).toContain('too many samples');

    expect((await call('/api/v1/label/%E0%A4%A/values')).status).toBe(200);
  });

  it('shortens what is too much, and says so', async () => {
    const { data, warnings } = (await read('series', {
      'match[]': '{__name__=~".+"}',
      limit: '3',
    })) as { data: unknown[]; warnings?: string[] };
    expect(data).toHaveLength(3);
    expect(warnings).toEqual(['results truncated due to limit']);
  });

  it('formats queries', async () => {
    expect(
      await read('format_query', {
        query: `sum(rate(x{b="c",a!~"d"}[300s]offset 90m))by(e)>bool on(f)group_left(g)y*-1^2`,
      }),
    ).toMatchObject({
      data: 'sum by (e) (rate(x{a!~"d",b="c"}[5m] offset 1h30m)) > bool on (f) group_left (g) y * -1 ^ 2',
    });
  });
});
