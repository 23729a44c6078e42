/* eslint-disable no-console */
/**
 * What lists of many findings cost, beside a client that asks the cluster for every row. From the root of the repository:
 *
 *   npm run bench -- governance [services]
 *
 * Each service has 10 violations and 50 vulnerabilities. A server stands in for the cluster.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServiceFactory } from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { kubernetesServiceRef, vaultServiceRef } from '@waystone/integrations';
import type { KubernetesService, VaultService } from '@waystone/integrations';
import createKnex from 'knex';
import { FakeCluster } from '../src/__testUtils__/FakeCluster';
import { FakeVault } from '../src/__testUtils__/FakeVault';
import {
  NAMESPACE,
  policyReport,
  vulnerabilityReport,
  weakness,
  workload,
} from '../src/__testUtils__/objects';
import { governancePlugin } from '../src/plugin';
import { startPostgres } from './startPostgres';

const SERVICES = Number(process.argv[2] ?? 2000);
const POLICIES = 10;
const WEAKNESSES = 50;
/** Of all images together: the same ones are found in many. */
const KNOWN_WEAKNESSES = 4_000;
const READS = 20;
const NAIVE_READS = 5;
const ROWS = 100;
/** What a browser opens to one host. */
const CONNECTIONS = 6;

/** What people open, in turn. */
const PAGES = [
  '/violations?limit=100',
  '/violations?limit=100&sort=due&owner=group:default/team-7',
  '/violations?limit=100&q=service-0042',
  '/violations/groups?by=key',
  '/violations/groups?by=owner',
  '/vulnerabilities?limit=100',
  '/vulnerabilities?limit=100&sort=service&cursor=50000',
  '/vulnerabilities?limit=100&severity=critical&severity=high',
  '/vulnerabilities?limit=100&q=CVE-2026-1',
  '/vulnerabilities/groups?by=package',
  '/vulnerabilities/groups?by=service',
  '/vulnerabilities/groups?by=owner',
  '/policies',
  '/trend?type=vulnerability',
  '/scorecards',
  '/scorecards?owner=group:default/team-7',
  '/services/default/component/service-0042',
  '/scorecards/default/component/service-0042',
];

const nameOf = (index: number) => `service-${String(index).padStart(4, '0')}`;
const SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'MEDIUM', 'LOW', 'LOW'];

/** What runs for a service, and what is found at it. */
function objectsOf(index: number): object[] {
  const name = nameOf(index);
  return [
    ...workload(name, { pods: 2 }),
    policyReport(
      { kind: 'Deployment', name },
      Array.from({ length: POLICIES }, (_, policy) => ({
        source: 'kyverno',
        policy: `policy-${policy}`,
        rule: 'validate',
        result: 'fail',
        severity: SEVERITIES[policy % SEVERITIES.length].toLowerCase(),
        message: `The policy ${policy} is not kept by ${name}`,
      })),
    ),
    reportOf(index),
  ];
}

function reportOf(index: number, first = index * 7): object {
  return vulnerabilityReport(
    `${nameOf(index)}-abc`,
    Array.from({ length: WEAKNESSES }, (_, each) => {
      const number = (first + each * 31) % KNOWN_WEAKNESSES;
      return weakness(`CVE-2026-${number}`, {
        severity: SEVERITIES[number % SEVERITIES.length],
        resource: `library-${number % 300}`,
      });
    }),
    new Date().toISOString(),
  );
}

/** A cluster's reports over HTTP, one at a time, as a page without a read model would ask for them. */
async function startReports() {
  let count = 0;
  const server = createServer((req, res) => {
    count += 1;
    const index = Number(/service-(\d+)-abc/.exec(req.url ?? '')?.[1]);
    res
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify(reportOf(index)));
  });
  await new Promise<void>(done => {
    server.listen(0, '127.0.0.1', done);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/apis/aquasecurity.github.io/v1alpha1/namespaces/${NAMESPACE}/vulnerabilityreports`,
    takeCount: () => {
      const taken = count;
      count = 0;
      return taken;
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function readNaively(url: string): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (next < ROWS) {
        const index = next;
        next += 1;
        const response = await fetch(
          `${url}/replicaset-${nameOf(index)}-abc-main`,
        );
        await response.json();
      }
    }),
  );
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const index = Math.min(sorted.length - 1, Math.floor(sorted.length * share));
  return Math.round(sorted[index] * 10) / 10;
}

const figures = (values: readonly number[]) => ({
  p50: percentile(values, 0.5),
  p95: percentile(values, 0.95),
});

async function main() {
  const postgres = await startPostgres();
  const knex = createKnex({ client: 'pg', connection: postgres.url });
  const reports = await startReports();
  const entityOf = (index: number, owner = `team-${index % 50}`) => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name: nameOf(index),
      namespace: 'default',
      annotations: { 'backstage.io/kubernetes-id': nameOf(index) },
    },
    relations: [{ type: 'ownedBy', targetRef: `group:default/${owner}` }],
    spec: { type: 'service', lifecycle: 'production', owner },
  });
  const entities = Array.from({ length: SERVICES }, (_, index) =>
    entityOf(index),
  );
  const cluster = new FakeCluster();
  for (let index = 0; index < SERVICES; index++) {
    cluster.set(...objectsOf(index));
  }
  const kubernetes: Pick<KubernetesService, 'cluster' | 'clusters'> = {
    clusters: [cluster.client],
    cluster: () => cluster.client,
  };
  globalThis.gc?.();
  const heapBefore = process.memoryUsage().heapUsed;
  const begin = performance.now();
  const backend = await startTestBackend({
    features: [
      governancePlugin,
      createServiceFactory({
        service: catalogServiceRef,
        deps: {},
        factory: () => catalogServiceMock({ entities }),
      }),
      createServiceFactory({
        service: kubernetesServiceRef,
        deps: {},
        factory: () => kubernetes as KubernetesService,
      }),
      createServiceFactory({
        service: vaultServiceRef,
        deps: {},
        factory: () =>
          ({ clients: [new FakeVault({}).client] } as unknown as VaultService),
      }),
      mockServices.database.factory({ knex }),
      mockServices.rootConfig.factory({
        data: {
          waystone: {
            environments: [{ name: 'production', cluster: 'prod' }],
          },
        },
      }),
    ],
  });
  const base = `http://localhost:${backend.server.port()}/api/governance`;
  const headers = { authorization: mockCredentials.user.header() };
  const read = async (path: string) => {
    const response = await fetch(`${base}${path}`, { headers });
    if (!response.ok) {
      throw new Error(await response.text());
    }
    return response.text();
  };
  const total = async (path: string) =>
    (JSON.parse(await read(`${path}?limit=1`)) as { totalItems: number })
      .totalItems;
  while (
    (await total('/violations')) < SERVICES * POLICIES ||
    (await total('/vulnerabilities')) < SERVICES * WEAKNESSES
  ) {
    await sleep(100);
  }
  const start = performance.now() - begin;
  globalThis.gc?.();
  const heap = process.memoryUsage().heapUsed - heapBefore;

  const measure = async (before: (round: number) => void) => {
    const times = new Map<string, number[]>(PAGES.map(path => [path, []]));
    for (let round = 0; round < READS; round++) {
      for (const path of PAGES) {
        before(round);
        const at = performance.now();
        await read(path);
        times.get(path)!.push(performance.now() - at);
      }
    }
    const pages = [...times].map(([path, values]) => ({
      path,
      ...figures(values),
    }));
    return {
      all: figures([...times.values()].flat()),
      slowest: pages.sort((a, b) => b.p95 - a.p95).slice(0, 4),
    };
  };
  await measure(() => {});
  reports.takeCount();
  const still = await measure(() => {});
  // One report is made anew before each read.
  let scanned = 0;
  const scanning = await measure(round => {
    scanned += 1;
    cluster.set(reportOf(scanned % SERVICES, scanned + round));
  });
  // A service is deployed before each read: pods and a report of Kyverno come and go.
  let deployed = 0;
  const deploying = await measure(() => {
    deployed += 1;
    const name = nameOf(deployed % SERVICES);
    cluster.set(
      ...workload(name, { pods: 1 + (deployed % 3), hash: `h${deployed}` }),
      policyReport({ kind: 'Deployment', name }, [
        {
          policy: 'policy-1',
          result: 'fail',
          message: `Once more ${deployed}`,
        },
      ]),
    );
  });

  const naive: number[] = [];
  for (let round = 0; round < NAIVE_READS; round++) {
    const at = performance.now();
    await readNaively(reports.url);
    naive.push(performance.now() - at);
  }
  console.log(
    JSON.stringify(
      {
        services: SERVICES,
        violations: SERVICES * POLICIES,
        vulnerabilities: SERVICES * WEAKNESSES,
        startSeconds: Math.round(start / 100) / 10,
        heapMB: Math.round(heap / 1_048_576),
        page: still,
        pageAfterScan: scanning,
        pageAfterDeployment: deploying,
        naive: {
          ...figures(naive),
          requests: reports.takeCount() / NAIVE_READS,
        },
      },
      null,
      2,
    ),
  );
  await backend.stop();
  await knex.destroy();
  reports.stop();
  await postgres.stop();
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
