import { kubernetesFailureOf } from '../errors';
import type { KubernetesManifest } from '../types';
import { CONFIG_MAP, errorOf } from './ClusterSuite';
import type { ClusterSuite } from './ClusterSuite';

/** Objects as they come and go. */
export function testObjects(suite: ClusterSuite): void {
  const { configMap, ref, namespace, run } = suite;

  it('creates, reads, replaces and deletes', async () => {
    const { object } = await suite.client.create(configMap('one', { a: '1' }));
    expect(object.metadata).toMatchObject({
      name: 'one',
      namespace,
      uid: expect.any(String),
      resourceVersion: expect.any(String),
    });
    await expect(suite.client.get(ref('one'))).resolves.toMatchObject({
      ...CONFIG_MAP,
      data: { a: '1' },
    });

    const taken = await errorOf(suite.client.create(configMap('one')));
    expect(taken).toMatchObject({ code: 'conflict', status: 409 });
    expect(kubernetesFailureOf(taken)).toEqual({ type: 'already-exists' });

    const replaced = await suite.client.replace({
      ...configMap('one', { a: '2' }),
      metadata: object.metadata as KubernetesManifest['metadata'],
    });
    expect(replaced.object.data).toEqual({ a: '2' });
    const stale = await errorOf(
      suite.client.replace({
        ...configMap('one', { a: '3' }),
        metadata: object.metadata as KubernetesManifest['metadata'],
      }),
    );
    expect(stale).toMatchObject({ code: 'conflict' });
    expect(kubernetesFailureOf(stale)).toEqual({ type: 'changed' });

    const other = await errorOf(
      suite.client.delete(ref('one'), {
        preconditions: { uid: '00000000-0000-0000-0000-000000000000' },
      }),
    );
    expect(other).toMatchObject({ code: 'conflict' });
    await suite.client.delete(ref('one'), { dryRun: true });
    await expect(suite.client.find(ref('one'))).resolves.toBeDefined();
    await expect(suite.client.delete(ref('one'))).resolves.toMatchObject({
      found: true,
    });
    await expect(suite.client.find(ref('one'))).resolves.toBeUndefined();
    await expect(suite.client.delete(ref('one'))).resolves.toMatchObject({
      found: false,
    });
    await expect(suite.client.get(ref('one'))).rejects.toMatchObject({
      code: 'not-found',
      status: 404,
    });
  });

  it('makes names where it is asked to', async () => {
    const { object } = await suite.client.create({
      ...CONFIG_MAP,
      metadata: { generateName: 'made-', namespace },
    });
    expect(object.metadata.name).toMatch(/^made-.+/);
    await suite.client.delete(ref(object.metadata.name));
  });

  it('lists in pages, by label, and metadata only', async () => {
    for (let index = 0; index < 7; index++) {
      await suite.client.create(
        configMap(
          `page-${index}`,
          { text: 'a value' },
          { half: index < 4 ? 'first' : 'second', pages: run },
        ),
      );
    }
    const pages = [];
    for await (const page of suite.client.pages(CONFIG_MAP, {
      namespace,
      labelSelector: `pages=${run}`,
      pageSize: 3,
    })) {
      pages.push(page.items.map(item => item.metadata.name));
    }
    expect(pages.map(page => page.length)).toEqual([3, 3, 1]);
    expect(pages.flat().sort()).toEqual(
      [0, 1, 2, 3, 4, 5, 6].map(index => `page-${index}`),
    );

    const second = await suite.client.list(CONFIG_MAP, {
      namespace,
      labelSelector: `pages=${run},half!=first`,
      pageSize: 2,
    });
    expect(second.items).toHaveLength(3);
    expect(second.items[0]).toMatchObject({
      ...CONFIG_MAP,
      data: { text: 'a value' },
    });
    expect(second.resourceVersion).not.toBe('');

    const metadata = await suite.client.list(CONFIG_MAP, {
      namespace,
      labelSelector: `pages=${run}`,
      metadataOnly: true,
    });
    expect(metadata.items).toHaveLength(7);
    expect(metadata.items[0].data).toBeUndefined();
    expect(metadata.items[0].metadata.labels).toMatchObject({ pages: run });

    const byField = await suite.client.list(CONFIG_MAP, {
      namespace,
      fieldSelector: 'metadata.name=page-3',
    });
    expect(byField.items.map(item => item.metadata.name)).toEqual(['page-3']);
    const everywhere = await suite.client.list(CONFIG_MAP, {
      labelSelector: `pages=${run}`,
    });
    expect(everywhere.items).toHaveLength(7);
  });

  it('refuses selectors that are wrong', async () => {
    await expect(
      suite.client.list(CONFIG_MAP, { namespace, labelSelector: 'a b c' }),
    ).rejects.toMatchObject({ code: 'invalid', status: 400 });
  });

  it('waits for finalizers, and deletes what is owned', async () => {
    await suite.client.create({
      ...configMap('finalized'),
      metadata: {
        name: 'finalized',
        namespace,
        finalizers: ['example.com/wait'],
      },
    });
    await expect(suite.client.delete(ref('finalized'))).resolves.toMatchObject({
      found: true,
    });
    const waiting = await suite.client.get(ref('finalized'));
    expect(waiting.metadata.deletionTimestamp).toEqual(expect.any(String));
    await suite.client.patch(ref('finalized'), {
      type: 'merge',
      patch: { metadata: { finalizers: null } },
    });
    await expect(suite.client.find(ref('finalized'))).resolves.toBeUndefined();
  });
}
