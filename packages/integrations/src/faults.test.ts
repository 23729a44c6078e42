import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { z } from 'zod';
import { createUpstreamHttp } from './core/createUpstreamHttp';
import { StaleWhileRevalidateCache } from './core/StaleWhileRevalidateCache';
import type { UpstreamHttp } from './core/UpstreamHttp';
import { eventually } from './testUtils/eventually';
import { ScriptedServer } from './testUtils/ScriptedServer';
import type {
  ReceivedRequest,
  ScriptedAnswer,
} from './testUtils/ScriptedServer';

const READ = { operation: 'read-thing', path: '/thing' };
const WRITE = { ...READ, operation: 'write-thing', method: 'POST' as const };
const THING = z.object({ version: z.number() });
const RIGHT = { body: { version: 1, padding: 'x'.repeat(2000) } };

type Script = ScriptedAnswer | ((request: ReceivedRequest) => ScriptedAnswer);

/**
 * One test for each fault of an upstream system. What is held of it stays visible, marked with the reason; who writes
 * is told at once; and when the system is back, so is everything else, without anybody's help.
 */
describe('faults', () => {
  let server: ScriptedServer;
  let http: UpstreamHttp;
  let cache: StaleWhileRevalidateCache<z.output<typeof THING>>;
  const unhandled = jest.fn();

  const read = () =>
    cache.get({ resource: 'thing' }, async () => ({
      value: await http.json(READ, THING),
    }));

  beforeAll(() => {
    process.on('unhandledRejection', unhandled);
  });

  afterAll(() => {
    process.off('unhandledRejection', unhandled);
  });

  beforeEach(async () => {
    server = await ScriptedServer.start(RIGHT);
    http = createUpstreamHttp({
      system: 'thing',
      instance: 'main',
      baseUrl: server.url,
      authorization: () => ({ Authorization: 'Bearer a-token' }),
      limits: {
        retryMinMs: 1,
        retryMaxMs: 5,
        firstByteTimeoutMs: 60,
        readTimeoutMs: 2500,
        writeTimeoutMs: 100,
        breakerOpenMs: 400,
        maxBytes: 100_000,
      },
    });
    cache = new StaleWhileRevalidateCache({
      name: 'things',
      source: 'thing/main',
      freshMs: 0,
      staleWhileRevalidateMs: 0,
    });
    await expect(read()).resolves.toMatchObject({
      freshness: { stale: false },
    });
    server.requests.length = 0;
  });

  afterEach(async () => {
    await http.close();
    await eventually(() => server.sockets.size === 0);
    await server.stop();
    expect(unhandled).not.toHaveBeenCalled();
  });

  async function recovers() {
    server.script = RIGHT;
    await eventually(async () => !(await read()).freshness.stale);
    expect(http.health()).toMatchObject({
      breaker: 'closed',
      reachable: true,
      authenticated: true,
    });
  }

  /** What readers and writers get, and how often the system was asked by each. */
  async function suffer(script: Script) {
    server.script = script;
    const { value, freshness } = await read();
    expect(value.version).toBe(1);
    const reads = server.requests.length;
    const write = await http.send(WRITE).then(
      () => undefined,
      error => error,
    );
    return { freshness, reads, write, writes: server.requests.length - reads };
  }

  it('latency below the limits is only felt', async () => {
    const { freshness, write } = await suffer({ ...RIGHT, delayMs: 20 });
    expect(freshness.stale).toBe(false);
    expect(write).toBeUndefined();
  });

  it('errors now and then are repaired by retries of reads', async () => {
    let calls = 0;
    server.script = () => (calls++ % 2 ? RIGHT : { status: 503 });
    for (let reader = 0; reader < 5; reader++) {
      await expect(read()).resolves.toMatchObject({
        freshness: { stale: false },
      });
    }
    expect(server.requests).toHaveLength(10);
  });

  it('429 with Retry-After: stale, and no call until then', async () => {
    const { freshness, reads, write, writes } = await suffer({
      status: 429,
      headers: { 'retry-after': '3' },
    });
    expect(freshness).toMatchObject({
      stale: true,
      reason: expect.stringContaining('429'),
    });
    expect(reads).toBe(1);
    expect(write).toMatchObject({
      code: 'throttled',
      reason: 'it asked for a pause',
      retryable: true,
    });
    expect(writes).toBe(0);
    expect(http.health().throttledUntil).toEqual(expect.any(String));
  });

  it('429 with a short Retry-After: waits and goes on', async () => {
    server.script = () =>
      server.requests.length < 2
        ? { status: 429, headers: { 'retry-after': '1' } }
        : RIGHT;
    await expect(read()).resolves.toMatchObject({
      freshness: { stale: false },
    });
    expect(server.requests).toHaveLength(2);
  });

  it.each([500, 503])(
    '%d: three tries, then stale; a write fails at once',
    async status => {
      const { freshness, reads, write, writes } = await suffer({ status });
      expect(freshness).toMatchObject({
        source: 'thing/main',
        stale: true,
        observedAt: expect.any(String),
        reason: expect.stringMatching(/^thing \(main\) failed to read thing: /),
      });
      expect(reads).toBe(3);
      expect(write).toMatchObject({ code: 'unavailable', status });
      expect(writes).toBe(1);
      await recovers();
    },
  );

  it('connection reset mid-body: never half an answer', async () => {
    const { freshness, reads, write, writes } = await suffer({
      ...RIGHT,
      resetAfterBytes: 500,
    });
    expect(freshness.reason).toContain('the connection broke');
    expect(reads).toBe(3);
    expect(write).toMatchObject({ code: 'unreachable' });
    expect(writes).toBe(1);
    await recovers();
  });

  it('malformed JSON: stale at once, without retries', async () => {
    const { freshness, reads } = await suffer({
      body: '{"version": 1, "padding',
      headers: { 'content-type': 'application/json' },
    });
    expect(freshness.reason).toContain('the answer is not JSON');
    expect(reads).toBe(1);
    expect(http.health()).toMatchObject({ breaker: 'closed' });
    await recovers();
  });

  it('expired token: no retry, and the reason names what to renew', async () => {
    const { freshness, reads, write, writes } = await suffer({ status: 401 });
    expect(freshness.reason).toContain('Renew the credentials');
    expect(reads).toBe(1);
    expect(write).toMatchObject({ code: 'unauthenticated' });
    expect(writes).toBe(1);
    expect(http.health().authenticated).toBe(false);
    // For somebody's own credentials nothing stands in.
    const scoped = { resource: 'thing', scope: 'user:default/ana' };
    await expect(
      cache.get(scoped, async () => ({ value: await http.json(READ, THING) })),
    ).rejects.toMatchObject({ code: 'unauthenticated' });
    await recovers();
  });

  it('a server that is gone: fails fast, stale, and back when it is', async () => {
    await server.stop();
    const { freshness } = await read();
    expect(freshness.reason).toContain('the connection was refused');
    await eventually(async () => {
      await read();
      return http.health().breaker === 'open';
    });
    await expect(http.send(WRITE)).rejects.toMatchObject({
      code: 'breaker-open',
      retryable: true,
    });
    expect((await read()).value.version).toBe(1);
    await server.listen();
    await recovers();
  });

  it('a server that hangs: stale after the first bytes do not come, then at once', async () => {
    const { freshness, reads, write } = await suffer({ hang: true });
    expect(freshness.reason).toContain('no answer within 0.1 s');
    expect(reads).toBe(3);
    expect(write).toMatchObject({ code: 'timeout' });
    await read();
    expect(http.health().breaker).toBe('open');
    const before = server.requests.length;
    await expect(read()).resolves.toMatchObject({ freshness: { stale: true } });
    expect(server.requests).toHaveLength(before);
    // Who has given up holds no connection; what is left was there before.
    await eventually(() => server.sockets.size <= 2);
    await recovers();
  });

  it('an oversized answer: not read to its end', async () => {
    let sent = 0;
    const { freshness, reads } = await suffer({
      stream: response => {
        const chunk = Buffer.alloc(10_000, 'x');
        const timer = setInterval(() => {
          sent += chunk.length;
          response.write(chunk);
        }, 1);
        response.on('close', () => clearInterval(timer));
      },
    });
    expect(freshness.reason).toContain('larger than the limit');
    expect(reads).toBe(1);
    expect(sent).toBeLessThan(5_000_000);
    await recovers();
  });

  it('a redirect to another host: not followed, credentials stay here', async () => {
    const other = await ScriptedServer.start(RIGHT);
    const { freshness, reads } = await suffer({
      status: 307,
      headers: { location: `${other.url}/thing` },
    });
    expect(freshness.reason).toContain('leads elsewhere');
    expect(reads).toBe(1);
    expect(other.requests).toHaveLength(0);
    await other.stop();
    await recovers();
  });

  it('1,000 faulted calls leave no sockets, timers or memory behind', async () => {
    const faults: ScriptedAnswer[] = [
      { ...RIGHT, delayMs: 2 },
      { status: 500 },
      { status: 503 },
      { status: 401 },
      { status: 404 },
      { ...RIGHT, resetAfterBytes: 500 },
      { body: '{"version": 1, "padding' },
      { body: 'x'.repeat(200_000) },
      { status: 307, headers: { location: 'http://127.0.0.1:9/thing' } },
      { hang: true },
      RIGHT,
    ];
    const tired = createUpstreamHttp({
      system: 'thing',
      instance: 'tired',
      baseUrl: server.url,
      authorization: () => ({ Authorization: 'Bearer a-token' }),
      limits: {
        retryMinMs: 1,
        retryMaxMs: 2,
        firstByteTimeoutMs: 10,
        writeTimeoutMs: 10,
        maxBytes: 100_000,
        queued: 1000,
        breakerOpenMs: 1,
        breakerFailedConnections: 1_000_000,
      },
    });
    let turn = 0;
    server.script = () => faults[turn++ % faults.length];
    const caller = new AbortController();
    const callAll = async (count: number) => {
      for (let done = 0; done < count; done += 20) {
        await Promise.allSettled(
          Array.from({ length: 20 }, async (_, index) => {
            const signal = caller.signal;
            if (index % 4 === 3) {
              const lines = tired.lines({ ...READ, signal });
              await lines[Symbol.asyncIterator]().next();
              await lines[Symbol.asyncIterator]().return?.();
            } else {
              await tired.json(
                { ...(index % 2 ? READ : WRITE), signal },
                THING,
              );
            }
          }),
        );
      }
    };
    await callAll(300);
    const before = usage();
    await callAll(1000);
    await eventually(() => tired.health().inFlight === 0);
    expect(tired.health()).toMatchObject({ queued: 0, streams: 0 });
    const after = usage();
    // One for each of the twenty at the most, whatever has happened to it.
    await eventually(() => server.sockets.size <= 20 + 1);
    expect(after.timers).toBeLessThanOrEqual(before.timers + 1);
    expect(after.heapMb - before.heapMb).toBeLessThan(8);
    await tired.close();
    await eventually(() => server.sockets.size <= 1);
  }, 60_000);
});

function usage() {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return {
    heapMb: process.memoryUsage().heapUsed / 2 ** 20,
    timers: process
      .getActiveResourcesInfo()
      .filter(resource => resource === 'Timeout').length,
  };
}
