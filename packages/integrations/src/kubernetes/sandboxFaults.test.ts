import { eventually } from '../testUtils/eventually';
import { startSandbox } from '../testUtils/startSandbox';
import type { RunningSandbox } from '../testUtils/startSandbox';
import type { KubernetesClient } from './Client';
import { createTestKubernetesClient } from './testUtils';
import type { WatchedCache } from './WatchedCache';

const NAMESPACE = { apiVersion: 'v1', kind: 'Namespace' };

jest.setTimeout(60_000);

/** The faults that the sandbox has on request, as a cluster's client lives through them. */
describe('faults of a cluster of the sandbox', () => {
  let sandbox: RunningSandbox;
  let client: KubernetesClient;
  let cache: WatchedCache;
  let held: number;

  beforeAll(async () => {
    sandbox = await startSandbox();
    client = create();
    cache = client.cache({ kind: NAMESPACE });
    await cache.whenSynced();
    held = cache.size;
  });

  afterAll(async () => {
    await client?.close();
    await sandbox?.stop();
  });

  afterEach(async () => {
    await control('DELETE');
    await eventually(() =>
      client.list(NAMESPACE).then(
        () => !cache.freshness.stale,
        () => false,
      ),
    );
    expect(cache.size).toBe(held);
    expect(client.upstream.health().breaker).toBe('closed');
  });

  function create() {
    return createTestKubernetesClient({
      url: `${sandbox.url}/kubernetes/nonprod`,
      token: sandbox.token,
    });
  }

  async function control(method: 'PUT' | 'DELETE', fault?: object) {
    const response = await fetch(`${sandbox.url}/control/faults/kubernetes`, {
      method,
      headers: {
        authorization: `Bearer ${sandbox.token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(fault),
    });
    expect(response.ok).toBe(true);
  }

  it.each([
    [{ status: 401 }, 'unauthenticated', 'the token has expired'],
    [{ status: 403 }, 'denied', 'permission denied'],
    [{ status: 429, retryAfterSeconds: 2 }, 'throttled', 'too many requests'],
    [{ status: 500 }, 'unavailable', 'internal error'],
    [{ status: 503 }, 'unavailable', 'the service is unavailable'],
    [{ malformed: true }, 'unexpected-answer', 'the answer is not JSON'],
    [{ resetAfterBytes: 40 }, 'unreachable', 'the connection broke'],
    [{ down: true }, 'unreachable', 'the connection broke'],
  ])('%j is %s', async (fault, code, reason) => {
    await control('PUT', fault);
    // With a breaker that has seen nothing yet.
    const caller = create();
    await expect(caller.list(NAMESPACE)).rejects.toMatchObject({
      name: 'UpstreamError',
      code,
      reason: expect.stringContaining(reason),
    });
    await caller.close();
    // The cache asks nothing, so it does not even notice.
    expect(cache.size).toBe(held);
  });

  it('latency is only felt', async () => {
    await control('PUT', { latencyMs: 300 });
    await expect(client.list(NAMESPACE)).resolves.toMatchObject({
      items: expect.any(Array),
    });
  });

  it('a failure of half of the requests is repaired', async () => {
    await control('PUT', { status: 503, rate: 0.5 });
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => client.list(NAMESPACE)),
    );
    expect(results.some(({ status }) => status === 'fulfilled')).toBe(true);
  });

  it('watches that end with 410 are listed again', async () => {
    const states: boolean[] = [];
    const end = cache.subscribeState(state =>
      states.push(state.staleSince === undefined),
    );
    await control('PUT', { watchGone: true });
    await eventually(() => states.includes(false) && states.includes(true));
    expect(cache.size).toBe(held);
    end();
  });
});
