import { kubernetesFailureOf } from '../errors';
import type { KubernetesObject } from '../types';
import { DEPLOYMENT, errorOf } from './ClusterSuite';
import type { ClusterSuite } from './ClusterSuite';

/** Apply, patches, and what is refused. */
export function testWrites(suite: ClusterSuite): void {
  const { configMap, ref, deployment, namespace } = suite;

  it('applies on the server, and says who owns what', async () => {
    const first = await suite.client.apply(
      configMap('applied', { a: '1', b: '1' }),
    );
    const again = await suite.client.apply(
      configMap('applied', { a: '1', b: '1' }),
    );
    expect(again.object.metadata.resourceVersion).toBe(
      first.object.metadata.resourceVersion,
    );

    const conflict = await errorOf(
      suite.client.apply(configMap('applied', { a: '2' }), {
        fieldManager: 'somebody-else',
      }),
    );
    expect(conflict).toMatchObject({
      code: 'conflict',
      reason: expect.stringContaining('waystone'),
    });
    expect(kubernetesFailureOf(conflict)).toEqual({
      type: 'field-conflict',
      conflicts: [{ field: '.data.a', manager: 'waystone' }],
    });

    const dryRun = await suite.client.apply(configMap('applied', { a: '2' }), {
      fieldManager: 'somebody-else',
      force: true,
      dryRun: true,
    });
    expect(dryRun.object.data).toEqual({ a: '2', b: '1' });
    await expect(suite.client.get(ref('applied'))).resolves.toMatchObject({
      data: { a: '1', b: '1' },
    });

    await suite.client.apply(configMap('applied', { a: '2' }), {
      fieldManager: 'somebody-else',
      force: true,
    });
    // What is no longer in it and nobody else owns is removed.
    const less = await suite.client.apply(configMap('applied', {}));
    expect(less.object.data).toEqual({ a: '2' });
  });

  it('patches in all forms', async () => {
    await suite.client.create(deployment('patched', 1));
    const patched = { ...DEPLOYMENT, namespace, name: 'patched' };
    const strategic = await suite.client.patch(patched, {
      type: 'strategic',
      patch: {
        spec: {
          template: {
            spec: {
              containers: [{ name: 'side', image: 'example.com/side:1.0' }],
            },
          },
        },
      },
    });
    expect(containersOf(strategic.object)).toEqual(
      expect.arrayContaining(['main', 'side']),
    );
    const merge = await suite.client.patch(patched, {
      type: 'merge',
      patch: { spec: { replicas: 0 }, metadata: { labels: { extra: 'yes' } } },
    });
    expect(merge.object.spec).toMatchObject({ replicas: 0 });
    expect(merge.object.metadata.generation).toBe(3);
    const json = await suite.client.patch(patched, {
      type: 'json',
      patch: [
        { op: 'test', path: '/metadata/labels/extra', value: 'yes' },
        { op: 'remove', path: '/metadata/labels/extra' },
      ],
    });
    expect(json.object.metadata.labels).toEqual({ app: 'patched' });
    expect(json.object.metadata.generation).toBe(3);
    await expect(
      suite.client.patch(patched, {
        type: 'json',
        patch: [{ op: 'test', path: '/spec/replicas', value: 7 }],
      }),
    ).rejects.toMatchObject({ code: 'invalid', status: 422 });
    await expect(
      suite.client.patch(
        { ...patched, name: 'nobody' },
        { type: 'merge', patch: { spec: {} } },
      ),
    ).rejects.toMatchObject({ code: 'not-found' });
    const scaled = await suite.client.patch(
      patched,
      { type: 'merge', patch: { spec: { replicas: 2 } } },
      { subresource: 'scale' },
    );
    expect(scaled.object).toMatchObject({
      kind: 'Scale',
      spec: { replicas: 2 },
    });
  });

  it('says which fields are wrong', async () => {
    const error = await errorOf(suite.client.create(deployment('wrong', -1)));
    expect(error).toMatchObject({ code: 'invalid', status: 422 });
    expect(kubernetesFailureOf(error)).toMatchObject({
      type: 'invalid',
      fields: [
        {
          field: 'spec.replicas',
          message: expect.stringContaining('greater than or equal to 0'),
        },
      ],
    });

    const unknown = { ...configMap('unknown'), nonsense: true };
    await expect(suite.client.create(unknown)).rejects.toMatchObject({
      code: 'invalid',
      status: 400,
      reason: expect.stringContaining('nonsense'),
    });
    const { warnings } = await suite.client.create(unknown, {
      fieldValidation: 'Warn',
    });
    expect(warnings).toEqual([expect.stringContaining('nonsense')]);
    await expect(
      suite.client.create(configMap('Not_A_Name')),
    ).rejects.toMatchObject({
      code: 'invalid',
      status: 422,
    });
  });
}

function containersOf(object: KubernetesObject): string[] {
  const { template } = object.spec as {
    template: { spec: { containers: { name: string }[] } };
  };
  return template.spec.containers.map(container => container.name);
}
