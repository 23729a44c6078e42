/**
 * How long it takes to read and hold many Applications, what that costs, and how soon a change is held.
 *
 * Run from the root: node --expose-gc --require ./node_modules/@backstage/cli/config/nodeTransform.cjs
 * packages/integrations/bench/argocdApplications.ts [number]
 *
 * It prints one JSON object. The sandbox runs beside it in a process of its own.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { Dispatcher } from 'undici';
import { createArgoCdClient } from '../src/argocd/createArgoCdClient';
import { DefaultApplicationCache } from '../src/argocd/DefaultApplicationCache';
import { startSandbox } from '../src/testUtils/startSandbox';

const COUNT = Number(process.argv[2] ?? 10_000);
const CHANGES = 300;
const REST_MS = Number(process.argv[3] ?? 120_000);
const CLUSTER = 'prod';

const application = (index: number) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: {
    name: `bench-${index}`,
    namespace: 'argocd',
    labels: { bench: 'yes', owner: `team-${index % 50}` },
    annotations: { 'sandbox.waystone.dev/simulated': 'true' },
  },
  spec: {
    project: 'default',
    source: {
      repoURL: `https://git.example.com/shop/service-${index}.git`,
      path: 'deploy/production',
      targetRevision: 'HEAD',
    },
    destination: { name: CLUSTER, namespace: `service-${index}` },
    syncPolicy: { automated: { prune: true, selfHeal: true } },
  },
  status: {
    sync: { status: 'Synced', revision: 'a'.repeat(40) },
    health: { status: 'Healthy', lastTransitionTime: '2026-01-01T00:00:00Z' },
    resources: [
      'Deployment',
      'Service',
      'Ingress',
      'ConfigMap',
      'ServiceAccount',
    ].map(kind => ({
      version: 'v1',
      kind,
      namespace: `service-${index}`,
      name: `service-${index}`,
      status: 'Synced',
    })),
    history: Array.from({ length: 10 }, (_, id) => ({
      id,
      revision: `${id}`.repeat(40).slice(0, 40),
      deployedAt: '2026-01-01T00:00:00Z',
      source: {
        repoURL: `https://git.example.com/shop/service-${index}.git`,
        path: 'deploy/production',
      },
    })),
    summary: { images: [`registry.example.com/service-${index}:1.2.3`] },
  },
});

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const index = Math.min(sorted.length - 1, Math.floor(sorted.length * share));
  return Math.round(sorted[index] * 10) / 10;
}

const megabytes = (bytes: number) => Math.round(bytes / 1024 / 1024);

async function main() {
  const sandbox = await startSandbox();
  const path = `${sandbox.url}/kubernetes/${CLUSTER}/apis/argoproj.io/v1alpha1/namespaces/argocd/applications`;
  const headers = { authorization: `Bearer ${sandbox.token}` };
  const agent = new Agent({ connections: 16 });
  const send = async (
    method: Dispatcher.HttpMethod,
    url: string,
    type: string,
    body: object,
  ) => {
    const answer = await request(url, {
      method,
      headers: { ...headers, 'content-type': type },
      body: JSON.stringify(body),
      dispatcher: agent,
    });
    if (answer.statusCode >= 300) {
      throw new Error(`${method} ${url}: ${await answer.body.text()}`);
    }
    await answer.body.dump();
  };
  let next = 0;
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      while (next < COUNT) {
        await send('POST', path, 'application/json', application(next++));
      }
    }),
  );

  let requests = 0;
  const counting = new Agent().compose(dispatch => (options, handler) => {
    requests++;
    return dispatch(options, handler);
  });
  const client = createArgoCdClient({
    instance: 'bench',
    baseUrl: `${sandbox.url}/argocd`,
    token: sandbox.token,
    dispatcher: counting,
  });
  globalThis.gc?.();
  const heapBefore = process.memoryUsage().heapUsed;
  const begin = performance.now();
  const cache = new DefaultApplicationCache({
    client,
    filter: { selector: 'bench=yes' },
  }).start();
  await cache.whenSynced();
  const syncedMs = performance.now() - begin;
  globalThis.gc?.();
  const heapAfter = process.memoryUsage().heapUsed;
  const requestsToSync = requests;

  const latencies: number[] = [];
  for (let change = 0; change < CHANGES; change++) {
    const name = `bench-${(change * 31) % COUNT}`;
    const status = change % 2 === 0 ? 'Degraded' : 'Progressing';
    const start = performance.now();
    const heard = new Promise<void>(resolve => {
      const end = cache.subscribe(({ application: changed }) => {
        if (
          changed.metadata.name === name &&
          changed.status?.health?.status === status
        ) {
          latencies.push(performance.now() - start);
          end();
          resolve();
        }
      });
    });
    await send('PATCH', `${path}/${name}`, 'application/merge-patch+json', {
      status: { health: { status, message: `change ${change}` } },
    });
    await heard;
  }

  const requestsBefore = requests;
  for (let reader = 0; reader < 1000; reader++) {
    let degraded = 0;
    for (const { status } of cache) {
      degraded += Number(status?.health?.status === 'Degraded');
    }
    if (degraded === 0) {
      throw new Error('The cache does not hold what was changed');
    }
  }
  const readerRequests = requests - requestsBefore;
  await sleep(REST_MS);
  const atRest = ((requests - requestsBefore) * 60_000) / REST_MS;

  process.stdout.write(
    `${JSON.stringify({
      applications: cache.size,
      listedAndHeldMs: Math.round(syncedMs),
      heapMegabytes: megabytes(heapAfter - heapBefore),
      residentMegabytes: megabytes(process.memoryUsage().rss),
      requestsToSync,
      requestsOfThousandReaders: readerRequests,
      requestsPerMinuteAtRest: atRest,
      changeToCacheMs: {
        p50: percentile(latencies, 0.5),
        p99: percentile(latencies, 0.99),
      },
    })}\n`,
  );
  await cache.stop();
  await client.close();
  await agent.close();
  await sandbox.stop();
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
