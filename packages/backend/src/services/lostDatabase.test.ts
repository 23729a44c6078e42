import { mockCredentials } from '@backstage/backend-test-utils';
import express from 'express';
import knexFactory, { type Knex } from 'knex';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSafeBackend } from '../__testUtils__/startSafeBackend';
import { TcpProxy } from '../__testUtils__/TcpProxy';
import { testDatabase } from '../__testUtils__/testDatabase';

const READINESS = '/.backstage/health/v1/readiness';
const LIVENESS = '/.backstage/health/v1/liveness';
const signedIn = {
  headers: { authorization: mockCredentials.user.header() },
};

/** What must never be in an answer: SQL, the address and the port of the database. */
const INTERNALS =
  /select|pg_|127\.0\.0\.1|localhost|ECONN|knex|stack|node_modules/i;

describe('a lost database', () => {
  let proxy: TcpProxy;
  let knex: Knex;
  let backend: Awaited<ReturnType<typeof startSafeBackend>>;
  const unhandled: unknown[] = [];
  const onUnhandled = (error: unknown) => unhandled.push(error);

  beforeAll(async () => {
    process.on('unhandledRejection', onUnhandled);
    const database = testDatabase();
    proxy = await TcpProxy.start(database);
    const connection = { ...database, host: '127.0.0.1', port: proxy.port };
    knex = knexFactory({
      client: 'pg',
      connection,
      acquireConnectionTimeout: 3000,
      pool: { min: 0, max: 4 },
      log: { warn() {}, error() {} },
    });
    // The pool's connections break with the proxy; that is what is tested.
    knex.client.pool.on('createSuccess', (_id: number, client: any) =>
      client.on('error', () => {}),
    );

    const routes = express.Router();
    routes.get('/query', async (_req, res, next) => {
      try {
        const { rows } = await knex.raw(
          'select 42 as answer from pg_tables limit 1',
        );
        res.json(rows[0]);
      } catch (error) {
        next(error);
      }
    });
    routes.get('/stream', (_req, res) => {
      res.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-transform',
      });
      res.write('data: 1\n\n');
      const timer = setInterval(() => res.write('data: 2\n\n'), 500);
      res.on('close', () => clearInterval(timer));
    });
    backend = await startSafeBackend({
      routes,
      config: { backend: { database: { client: 'pg', connection } } },
    });
  });

  afterAll(async () => {
    proxy.thaw();
    await backend?.stop();
    await knex.destroy();
    await proxy.cut();
    process.off('unhandledRejection', onUnhandled);
  });

  async function untilStatus(path: string, status: number, budgetMs: number) {
    const startedAt = performance.now();
    for (;;) {
      const answer = await backend.get(path, signedIn);
      const elapsed = performance.now() - startedAt;
      if (answer.status === status) {
        return { ...answer, elapsed };
      }
      if (elapsed > budgetMs) {
        throw new Error(
          `Still ${answer.status} instead of ${status} after ${Math.round(
            elapsed,
          )} ms: ${answer.text}`,
        );
      }
      await sleep(50);
    }
  }

  function expectUnavailable(answer: Awaited<ReturnType<typeof backend.get>>) {
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(answer.milliseconds).toBeLessThan(5000);
    expect(answer.text).not.toMatch(INTERNALS);
    expect(JSON.parse(answer.text)).toEqual({
      error: {
        name: 'ServiceUnavailableError',
        message:
          'The portal cannot reach its database at the moment. Try again in a few seconds.',
      },
      request: { method: 'GET', url: '/api/probe/query' },
      response: { statusCode: 503 },
    });
  }

  it.each([
    {
      fault: 'stopped',
      begin: () => proxy.cut(),
      end: () => proxy.restore(),
    },
    {
      fault: 'frozen',
      begin: async () => proxy.freeze(),
      end: async () => proxy.thaw(),
    },
  ])(
    'should be survived when it is $fault',
    async ({ begin, end }) => {
      await untilStatus(READINESS, 200, 2000);
      await untilStatus('/api/probe/query', 200, 3000);

      const stream = await fetch(
        `${backend.baseUrl}/api/probe/stream`,
        signedIn,
      );

      await begin();

      // Sent before anybody knows
      const inFlight = Array.from({ length: 8 }, () =>
        backend.get('/api/probe/query', signedIn),
      );
      const notReady = await untilStatus(READINESS, 503, 2000);
      expect(notReady.elapsed).toBeLessThan(2000);
      expect(notReady.text).not.toMatch(INTERNALS);
      expect((await backend.get(LIVENESS)).status).toBe(200);
      for (const answer of await Promise.all(inFlight)) {
        expectUnavailable(answer);
      }

      // Once it is known, the answer comes at once
      const refused = await backend.get('/api/probe/query', signedIn);
      expectUnavailable(refused);
      expect(refused.milliseconds).toBeLessThan(200);

      // What has begun to stream goes on
      const reader = stream.body!.getReader();
      expect(stream.status).toBe(200);
      expect((await reader.read()).done).toBe(false);
      await reader.cancel();

      await end();
      const back = await untilStatus('/api/probe/query', 200, 5000);
      expect(JSON.parse(back.text)).toEqual({ answer: 42 });
      await untilStatus(READINESS, 200, 2000);

      // Handlers that were answered for have not noticed
      expect(unhandled).toEqual([]);
    },
    30_000,
  );

  it('should not be taken for lost because one probe was slow', async () => {
    await untilStatus(READINESS, 200, 2000);
    // Longer than the budget of a probe
    const until = performance.now() + 700;
    while (performance.now() < until);
    expect((await backend.get('/api/probe/query', signedIn)).status).toBe(200);
  });
});
