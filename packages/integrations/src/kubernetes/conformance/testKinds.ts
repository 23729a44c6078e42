import { eventually } from '../../testUtils/eventually';
import { kubernetesFailureOf } from '../errors';
import type { KubernetesManifest } from '../types';
import { DEPLOYMENT, errorOf } from './ClusterSuite';
import type { ClusterSuite } from './ClusterSuite';

/** Built-in kinds and those of CustomResourceDefinitions. */
export function testKinds(suite: ClusterSuite): void {
  const { namespace, run } = suite;

  it('knows the kinds that are served', async () => {
    await expect(suite.client.resolveKind(DEPLOYMENT)).resolves.toMatchObject({
      group: 'apps',
      version: 'v1',
      resource: 'deployments',
      namespaced: true,
      subresources: expect.arrayContaining(['status', 'scale']),
    });
    await expect(
      suite.client.resolveKind({ apiVersion: 'v1', kind: 'Namespace' }),
    ).resolves.toMatchObject({ group: '', namespaced: false });
    for (const missing of [
      { apiVersion: 'apps/v1', kind: 'Nothing' },
      { apiVersion: 'nothing.example.com/v1', kind: 'Thing' },
    ]) {
      const error = await errorOf(suite.client.resolveKind(missing));
      expect(error).toMatchObject({ code: 'not-found' });
      expect(kubernetesFailureOf(error)).toEqual({ type: 'kind-not-served' });
    }
    await expect(
      suite.client.listKinds('nothing.example.com/v1'),
    ).resolves.toEqual([]);
  });

  it('serves kinds of CustomResourceDefinitions', async () => {
    const group = `g${run}.example.com`;
    const kind = { apiVersion: `${group}/v1`, kind: 'Widget' };
    const widget = (name: string, spec: object) => ({
      ...kind,
      metadata: { name, namespace },
      spec,
    });
    // The kind is not there yet, and must be found as soon as it is.
    await expect(suite.client.list(kind)).rejects.toMatchObject({
      code: 'not-found',
    });
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      name: `widgets.${group}`,
    };
    await suite.client.apply(customResourceDefinition(group));
    await eventually(
      async () => (await suite.client.get(definition)).status,
      status => JSON.stringify(status).includes('"Established"'),
    );
    const { object } = await eventually(
      () =>
        suite.client
          .create(widget('small', { size: 2 }))
          .catch(() => undefined),
      created => created !== undefined,
    ).then(created => created!);
    expect(object.spec).toEqual({ size: 2, color: 'blue' });
    expect(object.metadata.generation).toBe(1);

    const wrong = await errorOf(
      suite.client.create(widget('wrong', { size: 99 })),
    );
    expect(kubernetesFailureOf(wrong)).toMatchObject({
      type: 'invalid',
      fields: [{ field: 'spec.size' }],
    });
    const address = { ...kind, namespace, name: 'small' };
    await expect(
      suite.client.apply(widget('small', { size: 3, unknown: true }), {
        fieldValidation: 'Ignore',
        force: true,
      }),
    ).rejects.toMatchObject({
      code: 'invalid',
      reason: expect.stringContaining('.spec.unknown: field not declared'),
    });
    await expect(
      suite.client.replace(widget('small', { size: 3 })),
    ).rejects.toMatchObject({
      code: 'invalid',
      reason: expect.stringContaining('must be specified for an update'),
    });
    const pruned = await suite.client.replace(
      {
        ...widget('small', { size: 3, unknown: true }),
        metadata: object.metadata as KubernetesManifest['metadata'],
        status: { phase: 'No' },
      },
      { fieldValidation: 'Ignore' },
    );
    expect(pruned.object.spec).toEqual({ size: 3, color: 'blue' });
    expect(pruned.object.status).toBeUndefined();
    expect(pruned.object.metadata.generation).toBe(2);
    const status = await suite.client.patch(
      address,
      {
        type: 'merge',
        patch: { status: { phase: 'Ready' }, spec: { size: 5 } },
      },
      { subresource: 'status' },
    );
    expect(status.object).toMatchObject({
      spec: { size: 3 },
      status: { phase: 'Ready' },
      metadata: { generation: 2 },
    });
    await expect(
      suite.client.patch(address, {
        type: 'strategic',
        patch: { spec: { size: 1 } },
      }),
    ).rejects.toMatchObject({ status: 415 });

    const cache = suite.client.cache({ kind, namespace });
    await cache.whenSynced();
    expect([...cache]).toMatchObject([{ spec: { size: 3 } }]);
    await cache.release();
    await suite.client.delete(definition);
  });
}

function customResourceDefinition(group: string): KubernetesManifest {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: {
                  type: 'object',
                  required: ['size'],
                  properties: {
                    size: { type: 'integer', minimum: 1, maximum: 10 },
                    color: { type: 'string', default: 'blue' },
                  },
                },
                status: {
                  type: 'object',
                  properties: { phase: { type: 'string' } },
                },
              },
            },
          },
        },
      ],
    },
  };
}
