import { mockServices } from '@backstage/backend-test-utils';
import { createUpstreamHttp } from '../core/createUpstreamHttp';
import type { UpstreamHttp } from '../core/UpstreamHttp';
import { eventually } from '../testUtils/eventually';
import { ScriptedCluster } from '../testUtils/ScriptedCluster';
import { CacheSet } from './CacheSet';
import { parseKubernetesError } from './errors';
import { KindDiscovery } from './KindDiscovery';
import { MultiClusterCache } from './MultiClusterCache';
import type { KubernetesObject } from './types';
import type { CacheChange, WatchedCache } from './WatchedCache';
import type { WatchTimings } from './WatchLoop';

const CONFIG_MAPS = { kind: { apiVersion: 'v1', kind: 'ConfigMap' } };
const TIMINGS: WatchTimings = {
  watchSeconds: 300,
  silentMs: 60_000,
  backoffMinMs: 10,
  backoffMaxMs: 50,
};

describe('WatchedCache', () => {
  let cluster: ScriptedCluster;
  let http: UpstreamHttp;
  let caches: CacheSet;
  let cache: WatchedCache;
  let changes: CacheChange<KubernetesObject>[];
  const logger = mockServices.logger.mock();

  function createHttp(url: string, instance = 'main') {
    return createUpstreamHttp({
      system: 'kubernetes',
      instance,
      baseUrl: url,
      parseError: parseKubernetesError,
      limits: { retryMinMs: 1, retryMaxMs: 5, breakerOpenMs: 20 },
    });
  }

  async function start(timings: Partial<WatchTimings> = {}) {
    caches = new CacheSet({
      http,
      kinds: new KindDiscovery(http),
      logger,
      timings: { ...TIMINGS, ...timings },
    });
    cache = caches.acquire(CONFIG_MAPS);
    changes = [];
    cache.subscribe(change => changes.push(change));
    await cache.whenSynced();
    await eventually(() => cluster.watches.size === 1);
  }

  const values = () =>
    Object.fromEntries(
      [...cache].map(({ metadata, data }) => [
        metadata.name,
        (data as { value: string }).value,
      ]),
    );

  const isFresh = () => !cache.freshness.stale;

  beforeEach(async () => {
    cluster = await ScriptedCluster.start();
    cluster.set('a', '1');
    cluster.set('b', '1');
    http = createHttp(cluster.server.url);
  });

  afterEach(async () => {
    await caches.close();
    await eventually(() => http.health().inFlight === 0);
    expect(http.health().streams).toBe(0);
    await http.close();
    await eventually(() => cluster.server.sockets.size === 0);
    await cluster.stop();
  });

  it('serves many readers with one list and one watch', async () => {
    await start();
    for (let reader = 0; reader < 100; reader++) {
      expect(values()).toEqual({ a: '1', b: '1' });
      caches.acquire(CONFIG_MAPS);
    }
    cluster.set('a', '2');
    cluster.delete('b');
    cluster.set('c', '1');
    await eventually(() => changes.length === 5);
    expect(values()).toEqual({ a: '2', c: '1' });
    expect(cluster.lists).toBe(1);
    expect(cluster.watchesOpened).toBe(1);
    // What nobody reads is not kept.
    expect(cache.get('a', 'default')?.metadata).not.toHaveProperty(
      'managedFields',
    );
    expect(caches.describe()).toEqual([
      {
        name: 'v1 ConfigMap',
        entries: 2,
        freshness: expect.objectContaining({ stale: false }),
      },
    ]);
  });

  it.each(['an event', 'an HTTP status'])(
    'lists again after 410 as %s, and misses no deletion',
    async how => {
      await start();
      cluster.delete('a', { quietly: true });
      cluster.set('b', '2', { quietly: true });
      cluster.set('c', '1', { quietly: true });
      // The same name, but another object.
      cluster.delete('c', { quietly: true });
      cluster.set('c', '2', { quietly: true });
      if (how === 'an event') {
        cluster.expire();
      } else {
        let refused = 0;
        cluster.fault = ({ url }) =>
          url.includes('watch=true') && refused++ === 0
            ? {
                status: 410,
                body: { kind: 'Status', code: 410, reason: 'Gone' },
              }
            : undefined;
        cluster.endWatches();
      }
      await eventually(() => cluster.lists === 2 && isFresh());
      expect(values()).toEqual({ b: '2', c: '2' });
      expect(changes.slice(2).map(({ type, name }) => [type, name])).toEqual([
        ['deleted', 'a'],
        ['modified', 'b'],
        ['added', 'c'],
      ]);
      await eventually(() => cluster.watches.size === 1);
      cluster.set('c', '3');
      await eventually(() => values().c === '3');
    },
  );

  it('pauses longer and longer where every watch expires at once', async () => {
    await start({ backoffMinMs: 20, backoffMaxMs: 10_000 });
    cluster.fault = ({ url }) =>
      url.includes('watch=true')
        ? {
            status: 200,
            body: {
              type: 'ERROR',
              object: { kind: 'Status', code: 410, reason: 'Expired' },
            },
          }
        : undefined;
    cluster.expire();
    await eventually(() => cluster.lists >= 5);
    const times = cluster.server.requests.length;
    await new Promise(resolve => setTimeout(resolve, 150));
    // 20, 40, 80, 160, 320 ms: no tight loop.
    expect(cluster.server.requests.length - times).toBeLessThanOrEqual(2);
    expect(values()).toEqual({ a: '1', b: '1' });
  });

  it('goes on where it was after a watch has ended, without a new list', async () => {
    await start();
    cluster.bookmark();
    await eventually(() => cluster.watches.size === 1);
    cluster.set('a', '2');
    await eventually(() => values().a === '2');
    cluster.endWatches();
    await eventually(() => cluster.watchesOpened === 2);
    const [watch] = [...cluster.watches];
    expect(watch.url.searchParams.get('resourceVersion')).toBe('103');
    expect(watch.url.searchParams.get('allowWatchBookmarks')).toBe('true');
    expect(
      Number(watch.url.searchParams.get('timeoutSeconds')),
    ).toBeGreaterThanOrEqual(300);
    expect(cluster.lists).toBe(1);
    await eventually(isFresh);
  });

  it('opens a silent watch again', async () => {
    await start({ silentMs: 60 });
    await eventually(() => cluster.watchesOpened >= 3);
    expect(cluster.lists).toBe(1);
    expect(cluster.watches.size).toBeLessThanOrEqual(1);
    // Silence is no failure of a cluster in which nothing happens.
    expect(http.health()).toMatchObject({ breaker: 'closed', reachable: true });
    cluster.set('a', '2');
    await eventually(() => cluster.watches.size === 1);
    cluster.set('a', '3');
    await eventually(() => values().a === '3');
  });

  it('keeps its objects while the cluster is away, says why, and recovers alone', async () => {
    await start();
    const states: (string | undefined)[] = [];
    cache.subscribeState(state => states.push(state.reason));
    await cluster.stop();
    await eventually(() => cache.freshness.stale);
    await eventually(() => http.health().breaker === 'open');
    expect(values()).toEqual({ a: '1', b: '1' });
    expect(cache.freshness).toMatchObject({
      source: 'kubernetes/main',
      stale: true,
      observedAt: expect.any(String),
      reason: expect.stringMatching(
        /^kubernetes \(main\) failed to watch configmaps: /,
      ),
    });
    expect(cache.state).toMatchObject({
      synced: true,
      staleSince: expect.any(String),
    });
    cluster.delete('a', { quietly: true });
    await cluster.server.listen();
    await eventually(isFresh);
    expect(states.at(-1)).toBeUndefined();
    // It was a watch from the last version that went on; this server tells nothing of before.
    cluster.expire();
    await eventually(() => !('a' in values()));
  });

  it('survives lines that are no events', async () => {
    await start();
    cluster.send('{"type":"MODIFIED","object":');
    await eventually(() => cluster.watchesOpened === 2);
    await eventually(() => cluster.watches.size === 1);
    cluster.send({ type: 'SOMETHING' });
    await eventually(() => cluster.watchesOpened === 3);
    await eventually(() => cluster.watches.size === 1);
    cluster.set('a', '2');
    await eventually(() => values().a === '2');
    await eventually(isFresh);
    expect(cluster.lists).toBe(1);
  });

  it('never takes half a list for a list', async () => {
    await start();
    cluster.fault = ({ url }) =>
      url.includes('/configmaps') && !url.includes('watch')
        ? {
            body: JSON.stringify({
              kind: 'ConfigMapList',
              metadata: { resourceVersion: '900' },
              items: [{ metadata: { name: 'a', namespace: 'default' } }],
            }),
            resetAfterBytes: 60,
          }
        : undefined;
    cluster.expire();
    await eventually(() => cluster.lists >= 4);
    expect(values()).toEqual({ a: '1', b: '1' });
    cluster.fault = undefined;
    await eventually(isFresh);
    expect(values()).toEqual({ a: '1', b: '1' });
  });

  it('says what is missing when it cannot read at all, and goes on when it can', async () => {
    cluster.fault = () => ({
      status: 403,
      body: {
        kind: 'Status',
        code: 403,
        reason: 'Forbidden',
        message: 'configmaps is forbidden: User "portal" cannot list',
      },
    });
    caches = new CacheSet({
      http,
      kinds: new KindDiscovery(http),
      timings: TIMINGS,
    });
    cache = caches.acquire(CONFIG_MAPS);
    await eventually(() => cache.freshness.reason?.includes('forbidden'));
    expect(cache.state.synced).toBe(false);
    await expect(
      cache.whenSynced(AbortSignal.timeout(20)),
    ).rejects.toMatchObject({ name: 'TimeoutError' });
    cluster.fault = undefined;
    await cache.whenSynced();
    expect(values()).toEqual({ a: '1', b: '1' });
    expect(isFresh()).toBe(true);
  });

  it('goes on although a listener fails', async () => {
    await start();
    cache.subscribe(() => {
      throw new Error('a listener failed');
    });
    const seen: string[] = [];
    const end = cache.subscribe(({ name }) => seen.push(name));
    cluster.set('a', '2');
    await eventually(() => seen.length === 1);
    end();
    cluster.set('a', '3');
    await eventually(() => values().a === '3');
    expect(seen).toEqual(['a']);
    expect(logger.error).toHaveBeenCalledWith(
      'A listener of kubernetes/main failed',
      expect.objectContaining({ message: 'a listener failed' }),
    );
  });

  it('keeps what a transform makes of an object', async () => {
    await start();
    const names = caches.acquire({
      ...CONFIG_MAPS,
      transform: nameUnlessB,
    });
    await names.whenSynced();
    await eventually(() => cluster.watches.size === 2);
    expect([...names]).toEqual(['a']);
    cluster.set('c', '1');
    await eventually(() => names.size === 2);
    expect(names.get('c', 'default')).toBe('c');
    await names.release();
  });

  it('reads several clusters as one, and one that is down hides no other', async () => {
    await start();
    const gone = await ScriptedCluster.start();
    const goneHttp = createHttp(gone.server.url, 'gone');
    await gone.stop();
    const goneCaches = new CacheSet({
      http: goneHttp,
      kinds: new KindDiscovery(goneHttp),
      timings: TIMINGS,
    });
    const both = new MultiClusterCache([
      { cluster: 'main', cache },
      { cluster: 'gone', cache: goneCaches.acquire(CONFIG_MAPS) },
    ]);
    const told: string[] = [];
    both.subscribe(({ cluster: from, name }) => told.push(`${from}/${name}`));
    await both.whenSynced(AbortSignal.timeout(100));
    expect(both.size).toBe(2);
    expect([...both].map(item => item.cluster)).toEqual(['main', 'main']);
    expect([...both.by('namespace', 'default')]).toHaveLength(2);
    expect(both.get('main', 'a', 'default')).toBeDefined();
    expect(both.errors).toEqual([
      expect.objectContaining({
        cluster: 'gone',
        synced: false,
        reason: expect.any(String),
      }),
    ]);
    cluster.set('c', '1');
    await eventually(() => told.includes('main/c'));
    await goneCaches.close();
    await goneHttp.close();
  });
});

function nameUnlessB({ metadata }: KubernetesObject): string | undefined {
  return metadata.name === 'b' ? undefined : metadata.name;
}
