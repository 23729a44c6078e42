/* eslint-disable no-console */
/**
 * What the fleet of services costs a Prometheus, and how soon a page of it is answered. From the root of the repository:
 *
 *   npm run bench -- observability [--services <number>]
 *
 * A server stands in for Prometheus, so that the number of queries and the work of the portal are measured, not its.
 */
import { parseArgs } from 'node:util';
import { Environments } from '@waystone/environments';
import {
  createPrometheusClient,
  promql,
  promqlSelector,
} from '@waystone/integrations';
import { servicesQuerySchema } from '@waystone/plugin-observability-common';
import { startUpstreams } from '../src/__testUtils__/startUpstreams';
import { AlertBook } from '../src/alerts/AlertBook';
import { toServiceEntity } from '../src/catalog/ServiceEntity';
import { PrometheusFleet } from '../src/fleet/PrometheusFleet';
import { ServiceCharts } from '../src/metrics/ServiceCharts';
import { ServiceObjectives } from '../src/metrics/ServiceObjectives';
import { HealthModel } from '../src/model/HealthModel';
import { listServices } from '../src/model/listServices';

const READS = 200;
const VIEWERS = 50;
/** How many rows the naive client shows: one page. */
const NAIVE_ROWS = 100;

const { values: options } = parseArgs({
  options: { services: { type: 'string', default: '2000' } },
});

const environments = new Environments(
  ['development', 'staging', 'production'].map(name => ({
    name,
    title: name,
    cluster: name === 'production' ? 'prod' : 'nonprod',
    namespace: '{system}-{environment}',
    promotion: 'manual' as const,
    protected: name === 'production',
  })),
);

function percentile(values: readonly number[], part: number): string {
  const sorted = [...values].sort((left, right) => left - right);
  const index = Math.min(Math.floor(sorted.length * part), sorted.length - 1);
  return `${sorted[index].toFixed(1)} ms`;
}

async function timed<T>(run: () => Promise<T> | T): Promise<[number, T]> {
  const begin = performance.now();
  const result = await run();
  return [performance.now() - begin, result];
}

async function main(): Promise<void> {
  const count = Number(options.services);
  const upstreams = await startUpstreams();
  const client = createPrometheusClient({
    instance: 'bench',
    baseUrl: upstreams.url,
  });
  const names = Array.from({ length: count }, (_, index) => `service-${index}`);
  upstreams.services = names.flatMap((service, index) =>
    environments.all.map(({ cluster, name }) => ({
      cluster,
      namespace: `system-${index % 100}-${name}`,
      service,
      requests: 10 + (index % 90),
      errors: index % 20 === 0 ? 1 : 0.001,
    })),
  );
  global.gc?.();
  const before = process.memoryUsage().heapUsed;
  const fleet = PrometheusFleet.create({
    client,
    clusterLabel: 'cluster',
    windowDays: 30,
  });
  const alerts = AlertBook.create({ alertmanagers: [], servers: [client] });
  const model = HealthModel.create({
    alerts,
    environments,
    fleets: [fleet],
    settings: {
      refreshMs: 30_000,
      clusterLabel: 'cluster',
      clusters: new Map(),
      availability: { target: 0.995, tiers: new Map() },
      windowDays: 30,
    },
  });
  model.setServices(
    names.map(name =>
      toServiceEntity({
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Component',
        metadata: {
          name,
          annotations: { 'backstage.io/kubernetes-id': name },
        },
        relations: [],
      }),
    ),
  );
  const refresh = async () => {
    upstreams.takeRequests();
    const signal = AbortSignal.timeout(60_000);
    const [milliseconds] = await timed(async () => {
      await fleet.refresh({ thresholds: model.thresholds, signal });
      await alerts.refresh(signal);
    });
    const [rebuilt] = await timed(() => model.rebuild());
    if (fleet.freshness.stale) {
      throw new Error(fleet.freshness.reason);
    }
    return { milliseconds, rebuilt, queries: upstreams.takeRequests().length };
  };
  const first = await refresh();
  const next = await refresh();
  console.log(
    `${count} services in 3 environments; first refresh: ${
      first.queries
    } queries, ${(first.milliseconds / 1000).toFixed(1)} s; each later one: ${
      next.queries
    } queries, ${(next.milliseconds / 1000).toFixed(
      1,
    )} s, then ${next.rebuilt.toFixed(0)} ms to judge`,
  );
  global.gc?.();
  console.log(
    `memory: ${(
      (process.memoryUsage().heapUsed - before) /
      1024 /
      1024
    ).toFixed(0)} MB with the stand-in`,
  );

  const reads: number[] = [];
  for (let read = 0; read < READS; read++) {
    const query = servicesQuerySchema.parse({
      limit: String(NAIVE_ROWS),
      sort: read % 2 ? 'errors' : 'state',
      ...(read % 3 === 0 && { q: `service-${read}` }),
    });
    const [milliseconds] = await timed(() =>
      JSON.stringify(listServices(model.services, query, 'production')),
    );
    reads.push(milliseconds);
  }
  console.log(
    `a page of ${NAIVE_ROWS} rows: p50 ${percentile(
      reads,
      0.5,
    )}, p95 ${percentile(reads, 0.95)}, ${
      upstreams.takeRequests().length
    } queries`,
  );

  const place = model.places('component:default/service-0').at(-1)!;
  const health = model
    .service('component:default/service-0')!
    .environments.at(-1)!;
  const charts = ServiceCharts.create();
  const objectives = ServiceObjectives.create();
  const [tab] = await timed(() =>
    Promise.all(
      Array.from({ length: VIEWERS }, () => [
        charts.read(place, { seconds: 21_600, compare: true }),
        objectives.read(place, health),
      ]).flat(),
    ),
  );
  console.log(
    `the tab of a service for ${VIEWERS} viewers: ${
      upstreams.takeRequests().length
    } queries, ${tab.toFixed(0)} ms for all`,
  );

  upstreams.services = upstreams.services.slice(0, 1);
  const rows: number[] = [];
  for (let view = 0; view < 5; view++) {
    const [milliseconds] = await timed(async () => {
      for (const service of names.slice(0, NAIVE_ROWS)) {
        // As many at once as a browser asks
        await Promise.all(
          ['requests', 'errors', 'duration', 'window'].map(kind =>
            client.query(
              promql`label_replace(sum(rate(${promqlSelector(`http_${kind}`, {
                service,
              })}[5m])), "waystone_part", "requests", "", "")`,
            ),
          ),
        );
      }
    });
    rows.push(milliseconds);
  }
  console.log(
    `a naive client that asks for each row: ${
      upstreams.takeRequests().length / rows.length
    } queries a page and viewer, ${percentile(rows, 0.5)}`,
  );
  await client.close();
  await upstreams.close();
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
