/* eslint-disable no-console */
/**
 * What the integration layer costs. From the root of the repository:
 *
 *   node --expose-gc --require @backstage/cli/config/nodeTransform.cjs packages/integrations/bench/measure.ts
 *
 * `--objects 10000` and `--rest-seconds 60` set how many objects are held and for how long nothing happens.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createKubernetesClient, createUpstreamHttp } from '../src';
import type { KubernetesObject, WatchedCache } from '../src';

const READERS = 1000;
const CHANGES = 2000;
const CALL_SECONDS = 10;
const CALLERS = 50;

const { values: options } = parseArgs({
  options: {
    objects: { type: 'string', default: '10000' },
    'rest-seconds': { type: 'string', default: '60' },
  },
});

/** What a list of applications needs. */
function slim(object: KubernetesObject) {
  const { annotations, labels, name } = object.metadata;
  const { spec, status } = object as unknown as {
    spec: { project: string; destination: object };
    status: { sync: object; health: object; summary: object };
  };
  return {
    name,
    labels,
    sentAt: annotations?.['bench.example.com/sent-at'],
    project: spec.project,
    destination: spec.destination,
    sync: status.sync,
    health: status.health,
    summary: status.summary,
  };
}

type Slim = ReturnType<typeof slim>;

const CACHE = {
  kind: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' },
  transform: slim,
};

async function main() {
  const child = fork(resolve(__dirname, 'upstream.mjs'));
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  const ask = async (message: object) => {
    child.send(message);
    const [answer] = await once(child, 'message');
    return answer as { requests: number; watches: number; bytes: number };
  };
  const client = createKubernetesClient({ cluster: 'bench', baseUrl: url });
  try {
    const { bytes } = await ask({ create: Number(options.objects) });
    console.log(
      `${options.objects} Applications, ${mb(
        bytes,
      )} MB as JSON, read in pages of 500`,
    );
    const cache = await hold(client.cache<Slim>(CACHE));
    await read(cache, () => ask({}));
    await follow(cache, change => ask({ change }));
    await rest(() => ask({}));
    await cache.release();
    await suffer(url);
  } finally {
    await client.close();
    child.kill();
  }
}

async function hold(cache: WatchedCache<Slim>): Promise<WatchedCache<Slim>> {
  const before = memory();
  const startedAt = performance.now();
  await cache.whenSynced();
  const seconds = (performance.now() - startedAt) / 1000;
  const after = memory();
  console.log(
    `held: ${cache.size} objects after ${seconds.toFixed(2)} s; heap +${mb(
      after.heapUsed - before.heapUsed,
    )} MB, resident +${mb(after.rss - before.rss)} MB`,
  );
  return cache;
}

async function read(
  cache: WatchedCache<Slim>,
  ask: () => Promise<{ requests: number; watches: number }>,
) {
  while ((await ask()).watches === 0) {
    await sleep(5);
  }
  const { requests } = await ask();
  const startedAt = performance.now();
  const durations: number[] = [];
  let found = 0;
  await Promise.all(
    Array.from({ length: READERS }, async (_, reader) => {
      await sleep(0);
      const begun = performance.now();
      for (const application of cache.by('label', `team=team-${reader % 50}`)) {
        found += application.name ? 1 : 0;
      }
      durations.push(performance.now() - begun);
    }),
  );
  const after = await ask();
  console.log(
    `${READERS} readers of ${found / READERS} objects each: ${
      after.requests - requests
    } upstream requests; each ${percentiles(durations)}; all ${(
      performance.now() - startedAt
    ).toFixed(0)} ms`,
  );
}

async function follow(
  cache: WatchedCache<Slim>,
  change: (index: number) => Promise<unknown>,
) {
  const durations: number[] = [];
  const end = cache.subscribe(({ object }) => {
    if (object.sentAt) {
      const sentAt = BigInt(object.sentAt);
      durations.push(Number(process.hrtime.bigint() - sentAt) / 1e6);
    }
  });
  for (let index = 0; index < CHANGES; index++) {
    await change(index % cache.size);
  }
  while (durations.length < CHANGES) {
    await sleep(5);
  }
  end();
  console.log(
    `${CHANGES} changes: event to read model ${percentiles(durations)}`,
  );
}

async function rest(ask: () => Promise<{ requests: number }>) {
  const seconds = Number(options['rest-seconds']);
  const { requests } = await ask();
  await sleep(seconds * 1000);
  const after = await ask();
  console.log(
    `at rest for ${seconds} s: ${(
      ((after.requests - requests) / seconds) *
      60
    ).toFixed(1)} requests a minute`,
  );
}

/** Two systems in one process: one is well, of the other every call hangs. */
async function suffer(url: string) {
  const well = createUpstreamHttp({
    system: 'well',
    instance: 'main',
    baseUrl: url,
  });
  const another = createUpstreamHttp({
    system: 'another',
    instance: 'main',
    baseUrl: url,
  });
  const hung = createUpstreamHttp({
    system: 'hung',
    instance: 'main',
    baseUrl: url,
  });
  const call = async (
    http: typeof well,
    path: string,
    durations: number[],
    pauseMs: number,
  ) => {
    const endsAt = performance.now() + CALL_SECONDS * 1000;
    while (performance.now() < endsAt) {
      const begun = performance.now();
      await http.text({ operation: 'read', path }).catch(() => {});
      durations.push(performance.now() - begun);
      await sleep(pauseMs);
    }
  };
  const measure = async (other: typeof well, path: string) => {
    const ofWell: number[] = [];
    const ofOther: number[] = [];
    await Promise.all([
      ...Array.from({ length: 4 }, () => call(well, '/healthy', ofWell, 5)),
      ...Array.from({ length: CALLERS }, () => call(other, path, ofOther, 100)),
    ]);
    return { ofWell, ofOther };
  };
  const { ofWell: before } = await measure(another, '/healthy');
  const { ofWell: after, ofOther } = await measure(hung, '/hang');
  console.log(
    `a system beside ${CALLERS} callers of one that is well: ${percentiles(
      before,
    )}`,
  );
  console.log(`beside as many of one that hangs: ${percentiles(after)}`);
  console.log(
    `who calls the one that hangs waits ${percentiles(
      ofOther,
    )}; its breaker is ${hung.health().breaker}`,
  );
  await another.close();
  await Promise.all([well.close(), hung.close()]);
}

function memory() {
  globalThis.gc?.();
  return process.memoryUsage();
}

function mb(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}

function percentiles(durations: number[]): string {
  const sorted = durations.toSorted((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(2);
  return `p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)} ms`;
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
