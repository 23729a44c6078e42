/* eslint-disable no-console */
/**
 * How long requests for infrastructure take, against the sandbox in a process of its own. From the root of the
 * repository:
 *
 *   node packages/launcher/bin/waystone-run.mjs bench infrastructure --database <connection string>
 *
 * `waystone-run.mjs postgres` starts a PostgreSQL and says its connection string. `--requests 200` and `--rows 5000` set
 * how many are submitted and how many there are in the list.
 */
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  coreServices,
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
import { notificationService } from '@backstage/plugin-notifications-node';
import {
  createKubernetesClient,
  kubernetesServiceRef,
} from '@waystone/integrations';
import type { KubernetesService } from '@waystone/integrations';
import createKnex from 'knex';
import type { Knex } from 'knex';
import infrastructurePlugin from '../src';

const { values: options } = parseArgs({
  options: {
    database: { type: 'string' },
    requests: { type: 'string', default: '200' },
    databases: { type: 'string', default: '10' },
    rows: { type: 'string', default: '5000' },
  },
});
const USER = 'user:default/bench';
const OWNER = 'group:default/orders';
const TOKEN = 'token-of-the-benchmark';
const PATIENCE_MS = 120_000;
const STOP_PATIENCE_MS = 5000;
const OFFERING = {
  postgresql: 'postgresqlinstances.platform.waystone.dev',
  redis: 'redisinstances.platform.waystone.dev',
};

async function main(): Promise<void> {
  if (!options.database) {
    throw new Error('Say which PostgreSQL: --database <connection string>');
  }
  const database = new URL(options.database);
  const admin = createKnex({ client: 'pg', connection: database.href });
  const name = `bench_infrastructure_${Date.now()}`;
  await admin.raw('CREATE DATABASE ??', [name]);
  const own = new URL(database);
  own.pathname = `/${name}`;
  const knex = createKnex({
    client: 'pg',
    connection: own.href,
    pool: { min: 0, max: 8 },
  });
  const sandbox = await startSandbox(database);
  const client = createKubernetesClient({
    cluster: 'nonprod',
    baseUrl: `${sandbox.url}/kubernetes/nonprod`,
    authorization: () => ({ Authorization: `Bearer ${TOKEN}` }),
  });
  const { server } = await startPortal(knex, {
    clusters: [client],
    cluster: () => client,
  } as unknown as KubernetesService);
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const call = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(
      `http://127.0.0.1:${port}/api/infrastructure${path}`,
      {
        ...init,
        headers: {
          Authorization: mockCredentials.user.header(USER),
          'Content-Type': 'application/json',
          'Idempotency-Key': randomUUID(),
        },
      },
    );
    if (!response.ok) {
      throw new Error(`${path}: ${response.status} ${await response.text()}`);
    }
    return response.json();
  };
  try {
    await untilOffered(call);
    await submit(call, knex);
    await use(call);
    await list(call, knex);
  } finally {
    // The portal ends with this process.
    await sandbox.stop();
    // What the portal is just doing is not waited for.
    await Promise.race([knex.destroy(), sleep(STOP_PATIENCE_MS)]);
    await admin.raw('DROP DATABASE ?? WITH (FORCE)', [name]);
  }
}

type Call = (path: string, init?: RequestInit) => Promise<any>;

/** Looks again until it is so. @throws Error if it is not in time. */
async function until(
  what: string,
  look: () => Promise<boolean>,
): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await look())) {
    if (Date.now() > end) {
      throw new Error(`It took too long until ${what}`);
    }
    await sleep(20);
  }
}

async function untilOffered(call: Call): Promise<void> {
  await until('there are offerings', async () => {
    const { items } = await call('/offerings');
    return Object.values(OFFERING).every(id =>
      items.some(
        (item: { id: string; state: string }) =>
          item.id === id && item.state === 'available',
      ),
    );
  });
}

const bodyOf = (offering: string, name: string) =>
  JSON.stringify({
    offering,
    name,
    environment: 'development',
    system: 'ordering',
    owner: OWNER,
    costCenter: 'cc-orders',
    parameters: { size: 'small' },
  });

/** One after another, as people do: previewed, and sent when the preview says that it can be. */
async function submit(call: Call, knex: Knex): Promise<void> {
  const previews: number[] = [];
  const times: number[] = [];
  const count = Number(options.requests);
  for (let index = 0; index < count; index += 1) {
    const body = bodyOf(OFFERING.redis, `bench-${index}`);
    const asked = performance.now();
    await call('/requests/preview', { method: 'POST', body });
    const began = performance.now();
    previews.push(began - asked);
    await call('/requests', { method: 'POST', body });
    times.push(performance.now() - began);
    // People do not ask as fast as a loop does.
    await sleep(50);
  }
  report(`preview, ${count} requests`, previews);
  report(`accept, ${count} requests`, times);
  await until('everything is applied', async () => {
    const [{ waiting }] = await knex('requests')
      .whereNull('applied_at')
      .count({ waiting: '*' });
    return Number(waiting) === 0;
  });
  const rows = await knex('requests').select(
    knex.raw(
      'extract(epoch FROM applied_at - created_at) * 1000 AS milliseconds',
    ),
  );
  report(
    'submit to applied',
    rows.map(({ milliseconds }) => Number(milliseconds)),
  );
  const [{ total, different }] = await knex('requests').select(
    knex.raw('count(*) AS total'),
    knex.raw('count(DISTINCT (namespace, name)) AS different'),
  );
  console.log(`accepted ${count}, stored ${total}, different ${different}`);
}

/** A database each, until the portal has connected to it. */
async function use(call: Call): Promise<void> {
  const times: number[] = [];
  for (let index = 0; index < Number(options.databases); index += 1) {
    const began = performance.now();
    const { id } = await call('/requests', {
      method: 'POST',
      body: bodyOf(OFFERING.postgresql, `bench-db-${index}`),
    });
    await until(`the database ${index} is usable`, async () => {
      const { status } = await call(`/requests/${id}`);
      return status === 'ready';
    });
    times.push(performance.now() - began);
  }
  report(`submit to usable, ${times.length} databases`, times);
}

async function list(call: Call, knex: Knex): Promise<void> {
  const rows = Number(options.rows);
  // As many as there should be, made of those that there are; nothing works on them.
  await knex.raw(
    `INSERT INTO requests (id, requester, idempotency_key, body_hash, offering, offering_title, api_version, kind, name,
       environment, cluster, namespace, system, owner, parameters, deletion_protection, status, status_since, approvers,
       monthly_cost, currency, created_at, ready_at)
     SELECT gen_random_uuid(), requester, gen_random_uuid()::text, body_hash, offering, offering_title, api_version, kind,
       'listed-' || number, environment, cluster, namespace, system,
       CASE WHEN number % 10 = 0 THEN owner ELSE 'group:default/team-' || number % 200 END,
       parameters, deletion_protection, CASE WHEN number % 7 = 0 THEN 'failed' ELSE 'ready' END, status_since, approvers,
       monthly_cost, currency, now() - number * interval '1 minute', now()
     FROM (SELECT * FROM requests LIMIT 1) one, generate_series(1, ?) number`,
    [rows],
  );
  for (const [what, path] of [
    ['all', '/requests?limit=50'],
    ['of a team', `/requests?limit=50&owner=${OWNER}`],
    ['failed, by a part of the name', '/requests?limit=50&status=failed&q=9'],
  ]) {
    const times: number[] = [];
    for (let index = 0; index < 100; index += 1) {
      const began = performance.now();
      await call(path);
      times.push(performance.now() - began);
    }
    report(`list of ${rows}, ${what}`, times);
  }
}

function report(what: string, times: readonly number[]): void {
  const sorted = [...times].sort((left, right) => left - right);
  const at = (share: number) =>
    Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? 0);
  console.log(
    `${what}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms`,
  );
}

function startPortal(knex: Knex, kubernetes: KubernetesService) {
  return startTestBackend({
    features: [
      infrastructurePlugin,
      mockServices.database.factory({ knex }),
      createServiceFactory({
        service: coreServices.userInfo,
        deps: {},
        factory: () => ({
          getUserInfo: async () => ({
            userEntityRef: USER,
            ownershipEntityRefs: [USER, OWNER],
          }),
        }),
      }),
      createServiceFactory({
        service: kubernetesServiceRef,
        deps: {},
        factory: () => kubernetes,
      }),
      createServiceFactory({
        service: notificationService,
        deps: {},
        factory: () => ({ send: async () => {} }),
      }),
      createServiceFactory({
        service: catalogServiceRef,
        deps: {},
        factory: () =>
          catalogServiceMock({
            entities: [
              {
                apiVersion: 'backstage.io/v1alpha1',
                kind: 'System',
                metadata: { name: 'ordering', namespace: 'default' },
                relations: [{ type: 'ownedBy', targetRef: OWNER }],
                spec: {},
              },
            ],
          }),
      }),
      mockServices.rootConfig.factory({
        data: {
          waystone: {
            environments: [{ name: 'development', cluster: 'nonprod' }],
          },
        },
      }),
    ],
  });
}

async function startSandbox(
  database: URL,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const root = resolvePackagePath(
    '@waystone/plugin-infrastructure-backend',
    '../..',
  );
  const state = await mkdtemp(join(tmpdir(), 'waystone-bench-'));
  const child = fork(join(root, 'packages/sandbox/src/main.ts'), {
    env: {
      HOME: process.env.HOME,
      PATH: process.env.PATH,
      NODE_ENV: 'development',
      AUTH_OIDC_CLIENT_SECRET: 'secret-of-the-benchmark',
      WAYSTONE_SANDBOX_PORT: '0',
      WAYSTONE_SANDBOX_ORG: join(root, 'examples/org.yaml'),
      WAYSTONE_SANDBOX_STATE: state,
      WAYSTONE_SANDBOX_TOKEN: TOKEN,
      POSTGRES_HOST: database.hostname,
      POSTGRES_PORT: database.port,
      POSTGRES_USER: decodeURIComponent(database.username),
      POSTGRES_PASSWORD: decodeURIComponent(database.password),
    },
    execArgv: [
      '--require',
      require.resolve('@backstage/cli/config/nodeTransform.cjs'),
    ],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const ended = once(child, 'exit');
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stderr!.resume();
    child.stdout!.on('data', chunk => {
      text += chunk;
      const ready = /ready at (\S+)/.exec(text)?.[1];
      if (ready) {
        resolve(ready);
      }
    });
    child.once('exit', () => reject(new Error(`No sandbox: ${text}`)));
  });
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM');
      // The portal of this process still watches it, which it may wait for.
      await Promise.race([ended, sleep(STOP_PATIENCE_MS)]);
      child.kill('SIGKILL');
      await rm(state, { recursive: true, force: true });
    },
  };
}

main().then(
  () => process.exit(0),
  error => {
    console.error(error);
    process.exit(1);
  },
);
