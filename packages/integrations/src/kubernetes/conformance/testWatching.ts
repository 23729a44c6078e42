import { eventually } from '../../testUtils/eventually';
import type { KubernetesObject } from '../types';
import type { CacheChange } from '../WatchedCache';
import { CONFIG_MAP } from './ClusterSuite';
import type { ClusterSuite } from './ClusterSuite';

/** What is held in memory, and what pods and controllers say. */
export function testWatching(suite: ClusterSuite): void {
  const { configMap, ref, deployment, namespace, run } = suite;

  it('keeps what it watches current', async () => {
    const labelSelector = `watched=${run}`;
    const labels = { watched: run };
    await suite.client.create(configMap('watch-a', { v: '1' }, labels));
    const indexes = { value: valueOf };
    const watched = { kind: CONFIG_MAP, namespace, labelSelector, indexes };
    const cache = suite.client.cache(watched);
    const shared = suite.client.cache({ ...watched });
    expect(shared).toBe(cache);
    expect(cache.freshness.stale).toBe(true);
    await cache.whenSynced();
    expect(cache.freshness).toMatchObject({
      source: `kubernetes/${suite.client.cluster}`,
      stale: false,
      observedAt: expect.any(String),
    });
    expect([...cache].map(item => item.metadata.name)).toEqual(['watch-a']);
    expect(cache.get('watch-a', namespace)).toMatchObject({
      ...CONFIG_MAP,
      data: { v: '1' },
    });

    const changes: CacheChange<KubernetesObject>[] = [];
    const end = cache.subscribe(change => changes.push(change), {
      initial: true,
    });
    await suite.client.create(configMap('watch-b', { v: '2' }, labels));
    await suite.client.patch(ref('watch-a'), {
      type: 'merge',
      patch: { data: { v: '3' } },
    });
    // Leaves the selection, which is a deletion for who watches it.
    await suite.client.patch(ref('watch-b'), {
      type: 'merge',
      patch: { metadata: { labels: { watched: 'no' } } },
    });
    await suite.client.delete(ref('watch-a'));
    await eventually(
      async () => changes.length,
      length => length >= 5,
    );
    expect(changes.map(({ type, name }) => `${type} ${name}`)).toEqual([
      'added watch-a',
      'added watch-b',
      'modified watch-a',
      'deleted watch-b',
      'deleted watch-a',
    ]);
    expect(changes[2]).toMatchObject({
      object: { data: { v: '3' } },
      previous: { data: { v: '1' } },
    });
    expect(cache.size).toBe(0);
    expect(cache.state.lastEventAt).toEqual(expect.any(String));

    await suite.client.create(configMap('watch-c', { v: '4' }, labels));
    await eventually(
      async () => cache.size,
      size => size === 1,
    );
    expect(namesOf(cache.by('namespace', namespace))).toEqual(['watch-c']);
    expect(namesOf(cache.by('label', `watched=${run}`))).toEqual(['watch-c']);
    expect(namesOf(cache.by('value', '4'))).toEqual(['watch-c']);
    expect(namesOf(cache.by('value', '1'))).toEqual([]);
    expect(namesOf(cache.by('owner', 'nobody'))).toEqual([]);
    end();
    expect(suite.client.upstream.health().streams).toBe(1);
    await cache.release();
    expect(suite.client.upstream.health().streams).toBe(1);
    await shared.release();
    expect(suite.client.upstream.health().streams).toBe(0);
  });

  it('watches metadata where that is enough', async () => {
    const labels = { slim: run };
    await suite.client.create(configMap('slim-a', { secret: 'large' }, labels));
    const cache = suite.client.cache({
      kind: CONFIG_MAP,
      namespace,
      labelSelector: `slim=${run}`,
      metadataOnly: true,
    });
    await cache.whenSynced();
    await suite.client.create(configMap('slim-b', { secret: 'large' }, labels));
    await eventually(
      async () => cache.size,
      size => size === 2,
    );
    for (const item of cache) {
      expect(item.data).toBeUndefined();
      expect(item).toMatchObject({ ...CONFIG_MAP, metadata: { labels } });
    }
    await cache.release();
  });

  it('reads events, the newest first', async () => {
    const regarding = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: `about-${run}`,
      namespace,
    };
    for (const [index, reason] of ['First', 'Second'].entries()) {
      await suite.client.create({
        apiVersion: 'events.k8s.io/v1',
        kind: 'Event',
        metadata: { name: `event-${index}`, namespace },
        regarding,
        reason,
        note: `This is the ${reason.toLowerCase()}`,
        type: index === 0 ? 'Normal' : 'Warning',
        action: 'Testing',
        eventTime: `2026-01-01T10:0${index}:00.000000Z`,
        reportingController: 'example.com/conformance',
        reportingInstance: 'conformance-1',
      });
    }
    const events = await suite.client.events({
      namespace,
      regarding: { kind: 'Deployment', name: `about-${run}` },
    });
    expect(events).toMatchObject([
      {
        type: 'Warning',
        reason: 'Second',
        message: 'This is the second',
        count: 1,
        source: 'example.com/conformance',
        regarding: { name: `about-${run}` },
      },
      { type: 'Normal', reason: 'First' },
    ]);
    await expect(
      suite.client.events({ namespace, regarding: { name: 'nobody' } }),
    ).resolves.toEqual([]);
  });

  it('reads logs', async () => {
    const address = { namespace, pod: 'nobody' };
    await expect(suite.client.logs(address)).rejects.toMatchObject({
      code: 'not-found',
    });
    if (!suite.runsPods) {
      return;
    }
    await suite.client.apply(deployment('logging', 1));
    const pod = await eventually(
      async () =>
        (
          await suite.client.list(
            { apiVersion: 'v1', kind: 'Pod' },
            { namespace, labelSelector: 'app=logging' },
          )
        ).items.find(item => JSON.stringify(item).includes('"Running"')),
      found => found !== undefined,
    );
    const { name } = pod!.metadata;
    await eventually(
      () => suite.client.logs({ namespace, pod: name }),
      lines => lines.length > 0,
    );
    const last = await suite.client.logs({
      namespace,
      pod: name,
      tailLines: 1,
      timestamps: true,
    });
    expect(last).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\dT/)]);
    for await (const line of suite.client.followLogs({
      namespace,
      pod: name,
    })) {
      expect(line).not.toBe('');
      break;
    }
    expect(suite.client.upstream.health().streams).toBe(0);
  });
}

function valueOf(object: KubernetesObject): string[] {
  const { v } = (object.data ?? {}) as { v?: string };
  return v ? [v] : [];
}

function namesOf(objects: Iterable<KubernetesObject>): string[] {
  return [...objects].map(object => object.metadata.name);
}
