/* eslint-disable no-console */
/**
 * What a list of many services costs, beside a client that asks Argo CD for every cell. From the root of the repository:
 *
 *   npm run bench -- delivery [services]
 *
 * The sandbox runs beside it in a process of its own, with three Applications for each service.
 */
import { spawn } from 'node:child_process';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createServiceFactory,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { servicesResponseSchema } from '@waystone/plugin-delivery-common';
import createKnex from 'knex';
import { startSandbox } from '../src/__testUtils__/startSandbox';
import type { RunningSandbox } from '../src/__testUtils__/startSandbox';
import { deliveryPlugin } from '../src/plugin';

const SERVICES = Number(process.argv[2] ?? 2000);
const ENVIRONMENTS = ['development', 'staging', 'production'];
const READS = 200;
const NAIVE_READS = 5;
const CHANGES = 40;
const ROWS = 100;
/** What a browser opens to one host. */
const CONNECTIONS = 6;

/** What a person may ask of the list, in turn. */
const QUERIES = [
  '',
  'sort=name',
  'sort=deployed',
  'sort=owner&order=desc',
  'state=critical',
  'sync=out-of-sync&environment=production',
  'q=0042',
  'cursor=1900',
];

const nameOf = (index: number) =>
  `fleet-service-${String(index + 1).padStart(5, '0')}`;

/** Passes everything on to Argo CD, and counts. */
async function startCounter(target: string) {
  let count = 0;
  const server = createServer((incoming, outgoing) => {
    count += 1;
    const upstream = forward(
      `${target}${incoming.url}`,
      {
        method: incoming.method,
        headers: { ...incoming.headers, host: new URL(target).host },
      },
      answer => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    upstream.on('error', () => outgoing.destroy());
    outgoing.on('close', () => upstream.destroy());
    incoming.pipe(upstream);
  });
  await new Promise<void>(done => {
    server.listen(0, '127.0.0.1', done);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    count: () => count,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A PostgreSQL that goes when it is stopped. */
async function startPostgres() {
  const root = resolvePackagePath('@waystone/plugin-delivery-backend', '../..');
  const child = spawn(
    process.execPath,
    [resolve(root, 'packages/launcher/bin/waystone-run.mjs'), 'postgres'],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = new Promise<void>(done => {
    child.once('exit', () => done());
  });
  const url = await new Promise<string>((found, failed) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', chunk => {
      text += chunk;
      const [match] = /postgres(?:ql)?:\/\/\S+(?=\s)/.exec(text) ?? [];
      if (match) {
        found(match);
      }
    });
    exited.then(() => failed(new Error(`No PostgreSQL: ${text}`)));
  });
  return {
    url,
    stop: async () => {
      child.kill('SIGINT');
      await exited;
    },
  };
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

/** Changes the health of an Application, as Argo CD's controller does. */
async function change(
  { token, url }: RunningSandbox,
  name: string,
  status: object,
): Promise<void> {
  const response = await fetch(
    `${url}/kubernetes/prod/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/${name}`,
    {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/merge-patch+json',
      },
      body: JSON.stringify({ status }),
    },
  );
  if (!response.ok) {
    throw new Error(await response.text());
  }
  await response.arrayBuffer();
}

/** Fills the cells of a page by asking Argo CD for each. */
async function readNaively(url: string, token: string): Promise<void> {
  const cells = Array.from({ length: ROWS }, (_, row) =>
    ENVIRONMENTS.map(environment => `${nameOf(row)}-${environment}`),
  ).flat();
  let next = 0;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (next < cells.length) {
        const cell = cells[next];
        next += 1;
        const response = await fetch(
          `${url}/api/v1/applications/${cell}?project=default`,
          { headers: { authorization: `Bearer ${token}` } },
        );
        if (!response.ok) {
          throw new Error(await response.text());
        }
        await response.json();
      }
    }),
  );
}

async function main() {
  const postgres = await startPostgres();
  console.error('PostgreSQL runs');
  const sandbox = await startSandbox({
    WAYSTONE_SANDBOX_FLEET: String(SERVICES),
  });
  console.error(`The sandbox runs with ${SERVICES} services`);
  const counter = await startCounter(`${sandbox.url}/argocd`);
  const knex = createKnex({ client: 'pg', connection: postgres.url });
  const catalog = catalogServiceMock({
    entities: Array.from({ length: SERVICES }, (_, index) => ({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: {
        name: nameOf(index),
        namespace: 'default',
        annotations: { 'backstage.io/kubernetes-id': nameOf(index) },
      },
      relations: [
        { type: 'ownedBy', targetRef: `group:default/team-${index % 50}` },
      ],
      spec: { type: 'service', lifecycle: 'production', owner: 'shop' },
    })),
  });
  globalThis.gc?.();
  const heapBefore = process.memoryUsage().heapUsed;
  const begin = performance.now();
  const backend = await startTestBackend({
    features: [
      deliveryPlugin,
      createServiceFactory({
        service: catalogServiceRef,
        deps: {},
        factory: () => catalog,
      }),
      mockServices.database.factory({ knex }),
      mockServices.rootConfig.factory({
        data: {
          waystone: {
            environments: ENVIRONMENTS.map(name => ({
              name,
              cluster: name === 'production' ? 'prod' : 'nonprod',
            })),
            integrations: {
              argocd: {
                instances: [
                  { name: 'main', url: counter.url, token: sandbox.token },
                ],
              },
            },
          },
        },
      }),
    ],
  });
  console.error('The backend runs');
  const base = `http://localhost:${backend.server.port()}/api/delivery/services`;
  const headers = { authorization: mockCredentials.user.header() };
  const read = async (query: string) => {
    const response = await fetch(`${base}?${query}`, { headers });
    if (!response.ok) {
      throw new Error(await response.text());
    }
    return response.text();
  };
  let total = 0;
  while (total < SERVICES) {
    await sleep(100);
    const page = servicesResponseSchema.parse(
      JSON.parse(await read('limit=1')),
    );
    total = page.totalItems;
    console.error(`${total} services are known`);
  }
  const filledMs = Math.round(performance.now() - begin);
  // The history of all is written in the background.
  await sleep(15_000);
  for (const query of QUERIES) {
    await read(`${query}&limit=${ROWS}`);
  }
  globalThis.gc?.();
  const heapAfter = process.memoryUsage().heapUsed;

  const asked = counter.count();
  const times: number[] = [];
  let bytes = 0;
  for (let index = 0; index < READS; index++) {
    const start = performance.now();
    const text = await read(`${QUERIES[index % QUERIES.length]}&limit=${ROWS}`);
    times.push(performance.now() - start);
    bytes = Math.max(bytes, text.length);
  }
  const askedByReads = counter.count() - asked;

  const changes: number[] = [];
  for (let index = 0; index < CHANGES; index++) {
    const name = nameOf((index * 37) % SERVICES);
    const version = `9.${index}.0`;
    const start = performance.now();
    await change(sandbox, `${name}-production`, {
      summary: { images: [`registry.example/x/${name}:${version}`] },
    });
    while (!(await read(`q=${name}`)).includes(version)) {
      await sleep(2);
    }
    changes.push(performance.now() - start);
  }

  const naive: number[] = [];
  const askedBefore = counter.count();
  for (let index = 0; index < NAIVE_READS; index++) {
    const start = performance.now();
    await readNaively(counter.url, sandbox.token);
    naive.push(performance.now() - start);
  }
  const askedNaively = (counter.count() - askedBefore) / NAIVE_READS;

  console.log(
    JSON.stringify(
      {
        services: SERVICES,
        applications: SERVICES * ENVIRONMENTS.length,
        filledMs,
        heapMb: Math.round((heapAfter - heapBefore) / 1024 / 1024),
        list: {
          rows: ROWS,
          ms: figures(times),
          mostKb: Math.round(bytes / 1024),
        },
        upstreamRequestsOfReads: { reads: READS, requests: askedByReads },
        changeToAnswerMs: figures(changes),
        naive: { ms: figures(naive), upstreamRequestsPerRead: askedNaively },
      },
      null,
      2,
    ),
  );
  await backend.stop();
  await knex.destroy();
  counter.stop();
  await sandbox.stop();
  await postgres.stop();
}

main().then(
  () => process.exit(0),
  error => {
    console.error(error);
    process.exit(1);
  },
);
