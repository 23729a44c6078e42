import { randomBytes } from 'node:crypto';
import { eventually } from '../testUtils/eventually';
import type { KubernetesClient } from './Client';
import { kubernetesFailureOf } from './errors';
import type { KubernetesManifest, KubernetesObject } from './types';
import type { CacheChange } from './WatchedCache';

const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap' };
const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment' };

/**
 * What every cluster has to do for {@link KubernetesClient}, written from the API's documentation.
 *
 * @param options - `create` makes a client with all permissions, or with another token. `runsPods` says whether
 * Deployments get pods with logs.
 */
export function testKubernetesClient(options: {
  create: (given?: { token: string }) => Promise<KubernetesClient>;
  runsPods: boolean;
}) {
  describe('KubernetesClient', () => {
    defineTests(options);
  });
}

function defineTests(options: Parameters<typeof testKubernetesClient>[0]) {
  const run = randomBytes(4).toString('hex');
  const namespace = `conformance-${run}`;
  let client: KubernetesClient;

  const configMap = (
    name: string,
    data: Record<string, string> = {},
    labels: Record<string, string> = {},
  ) =>
    ({
      ...CONFIG_MAP,
      metadata: {
        name,
        namespace,
        // An empty map would be a field that somebody owns.
        ...(Object.keys(labels).length > 0 && { labels }),
      },
      data,
    } satisfies KubernetesManifest);
  const ref = (name: string) => ({ ...CONFIG_MAP, namespace, name });
  const deployment = (name: string, replicas: number) =>
    ({
      ...DEPLOYMENT,
      metadata: { name, namespace, labels: { app: name } },
      spec: {
        replicas,
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name } },
          spec: {
            containers: [
              {
                name: 'main',
                image: 'docker.io/library/busybox:1.36',
                command: ['sh', '-c', 'while true; do date; sleep 1; done'],
                resources: {
                  requests: { cpu: '10m', memory: '16Mi' },
                  limits: { cpu: '100m', memory: '64Mi' },
                },
              },
            ],
          },
        },
      },
    } satisfies KubernetesManifest);

  beforeAll(async () => {
    client = await options.create();
    await client.apply({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace },
    });
  });

  afterAll(async () => {
    await client?.delete({
      apiVersion: 'v1',
      kind: 'Namespace',
      name: namespace,
    });
    await client?.close();
  });

  it('says its version and takes the credentials', async () => {
    await expect(client.version()).resolves.toMatch(/^v\d+\.\d+/);
    await expect(client.upstream.probe()).resolves.toEqual({
      version: expect.stringMatching(/^v/),
      authenticated: true,
    });
    expect(client.upstream.health()).toMatchObject({
      system: 'kubernetes',
      reachable: true,
      authenticated: true,
      breaker: 'closed',
    });
  });

  it('refuses credentials that are wrong', async () => {
    const stranger = await options.create({ token: 'not-a-token-of-anybody' });
    await expect(stranger.get(ref('any'))).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.not.stringContaining('not-a-token'),
    });
    await expect(stranger.upstream.probe()).resolves.toEqual({
      authenticated: false,
    });
    await stranger.close();
  });

  it('knows the kinds that are served', async () => {
    await expect(client.resolveKind(DEPLOYMENT)).resolves.toMatchObject({
      group: 'apps',
      version: 'v1',
      resource: 'deployments',
      namespaced: true,
      subresources: expect.arrayContaining(['status', 'scale']),
    });
    await expect(
      client.resolveKind({ apiVersion: 'v1', kind: 'Namespace' }),
    ).resolves.toMatchObject({ group: '', namespaced: false });
    for (const missing of [
      { apiVersion: 'apps/v1', kind: 'Nothing' },
      { apiVersion: 'nothing.example.com/v1', kind: 'Thing' },
    ]) {
      const error = await errorOf(client.resolveKind(missing));
      expect(error).toMatchObject({ code: 'not-found' });
      expect(kubernetesFailureOf(error)).toEqual({ type: 'kind-not-served' });
    }
    await expect(client.listKinds('nothing.example.com/v1')).resolves.toEqual(
      [],
    );
  });

  it('creates, reads, replaces and deletes', async () => {
    const { object } = await client.create(configMap('one', { a: '1' }));
    expect(object.metadata).toMatchObject({
      name: 'one',
      namespace,
      uid: expect.any(String),
      resourceVersion: expect.any(String),
    });
    await expect(client.get(ref('one'))).resolves.toMatchObject({
      ...CONFIG_MAP,
      data: { a: '1' },
    });

    const taken = await errorOf(client.create(configMap('one')));
    expect(taken).toMatchObject({ code: 'conflict', status: 409 });
    expect(kubernetesFailureOf(taken)).toEqual({ type: 'already-exists' });

    const replaced = await client.replace({
      ...configMap('one', { a: '2' }),
      metadata: object.metadata as KubernetesManifest['metadata'],
    });
    expect(replaced.object.data).toEqual({ a: '2' });
    const stale = await errorOf(
      client.replace({
        ...configMap('one', { a: '3' }),
        metadata: object.metadata as KubernetesManifest['metadata'],
      }),
    );
    expect(stale).toMatchObject({ code: 'conflict' });
    expect(kubernetesFailureOf(stale)).toEqual({ type: 'changed' });

    const other = await errorOf(
      client.delete(ref('one'), {
        preconditions: { uid: '00000000-0000-0000-0000-000000000000' },
      }),
    );
    expect(other).toMatchObject({ code: 'conflict' });
    await client.delete(ref('one'), { dryRun: true });
    await expect(client.find(ref('one'))).resolves.toBeDefined();
    await expect(client.delete(ref('one'))).resolves.toMatchObject({
      found: true,
    });
    await expect(client.find(ref('one'))).resolves.toBeUndefined();
    await expect(client.delete(ref('one'))).resolves.toMatchObject({
      found: false,
    });
    await expect(client.get(ref('one'))).rejects.toMatchObject({
      code: 'not-found',
      status: 404,
    });
  });

  it('makes names where it is asked to', async () => {
    const { object } = await client.create({
      ...CONFIG_MAP,
      metadata: { generateName: 'made-', namespace },
    });
    expect(object.metadata.name).toMatch(/^made-.+/);
    await client.delete(ref(object.metadata.name));
  });

  it('lists in pages, by label, and metadata only', async () => {
    for (let index = 0; index < 7; index++) {
      await client.create(
        configMap(
          `page-${index}`,
          { text: 'a value' },
          { half: index < 4 ? 'first' : 'second', pages: run },
        ),
      );
    }
    const pages = [];
    for await (const page of client.pages(CONFIG_MAP, {
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

    const second = await client.list(CONFIG_MAP, {
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

    const metadata = await client.list(CONFIG_MAP, {
      namespace,
      labelSelector: `pages=${run}`,
      metadataOnly: true,
    });
    expect(metadata.items).toHaveLength(7);
    expect(metadata.items[0].data).toBeUndefined();
    expect(metadata.items[0].metadata.labels).toMatchObject({ pages: run });

    const byField = await client.list(CONFIG_MAP, {
      namespace,
      fieldSelector: 'metadata.name=page-3',
    });
    expect(byField.items.map(item => item.metadata.name)).toEqual(['page-3']);
    const everywhere = await client.list(CONFIG_MAP, {
      labelSelector: `pages=${run}`,
    });
    expect(everywhere.items).toHaveLength(7);
  });

  it('refuses selectors that are wrong', async () => {
    await expect(
      client.list(CONFIG_MAP, { namespace, labelSelector: 'a b c' }),
    ).rejects.toMatchObject({ code: 'invalid', status: 400 });
  });

  it('applies on the server, and says who owns what', async () => {
    const first = await client.apply(configMap('applied', { a: '1', b: '1' }));
    const again = await client.apply(configMap('applied', { a: '1', b: '1' }));
    expect(again.object.metadata.resourceVersion).toBe(
      first.object.metadata.resourceVersion,
    );

    const conflict = await errorOf(
      client.apply(configMap('applied', { a: '2' }), {
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

    const dryRun = await client.apply(configMap('applied', { a: '2' }), {
      fieldManager: 'somebody-else',
      force: true,
      dryRun: true,
    });
    expect(dryRun.object.data).toEqual({ a: '2', b: '1' });
    await expect(client.get(ref('applied'))).resolves.toMatchObject({
      data: { a: '1', b: '1' },
    });

    await client.apply(configMap('applied', { a: '2' }), {
      fieldManager: 'somebody-else',
      force: true,
    });
    // What is no longer in it and nobody else owns is removed.
    const less = await client.apply(configMap('applied', {}));
    expect(less.object.data).toEqual({ a: '2' });
  });

  it('patches in all forms', async () => {
    await client.create(deployment('patched', 1));
    const patched = { ...DEPLOYMENT, namespace, name: 'patched' };
    const strategic = await client.patch(patched, {
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
    const merge = await client.patch(patched, {
      type: 'merge',
      patch: { spec: { replicas: 0 }, metadata: { labels: { extra: 'yes' } } },
    });
    expect(merge.object.spec).toMatchObject({ replicas: 0 });
    expect(merge.object.metadata.generation).toBe(3);
    const json = await client.patch(patched, {
      type: 'json',
      patch: [
        { op: 'test', path: '/metadata/labels/extra', value: 'yes' },
        { op: 'remove', path: '/metadata/labels/extra' },
      ],
    });
    expect(json.object.metadata.labels).toEqual({ app: 'patched' });
    expect(json.object.metadata.generation).toBe(3);
    await expect(
      client.patch(patched, {
        type: 'json',
        patch: [{ op: 'test', path: '/spec/replicas', value: 7 }],
      }),
    ).rejects.toMatchObject({ code: 'invalid', status: 422 });
    await expect(
      client.patch(
        { ...patched, name: 'nobody' },
        { type: 'merge', patch: { spec: {} } },
      ),
    ).rejects.toMatchObject({ code: 'not-found' });
    const scaled = await client.patch(
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
    const error = await errorOf(client.create(deployment('wrong', -1)));
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
    await expect(client.create(unknown)).rejects.toMatchObject({
      code: 'invalid',
      status: 400,
      reason: expect.stringContaining('nonsense'),
    });
    const { warnings } = await client.create(unknown, {
      fieldValidation: 'Warn',
    });
    expect(warnings).toEqual([expect.stringContaining('nonsense')]);
    await expect(client.create(configMap('Not_A_Name'))).rejects.toMatchObject({
      code: 'invalid',
      status: 422,
    });
  });

  it('waits for finalizers, and deletes what is owned', async () => {
    await client.create({
      ...configMap('finalized'),
      metadata: {
        name: 'finalized',
        namespace,
        finalizers: ['example.com/wait'],
      },
    });
    await expect(client.delete(ref('finalized'))).resolves.toMatchObject({
      found: true,
    });
    const waiting = await client.get(ref('finalized'));
    expect(waiting.metadata.deletionTimestamp).toEqual(expect.any(String));
    await client.patch(ref('finalized'), {
      type: 'merge',
      patch: { metadata: { finalizers: null } },
    });
    await expect(client.find(ref('finalized'))).resolves.toBeUndefined();
  });

  it('says who may do what', async () => {
    const attributes = {
      verb: 'get',
      resource: 'configmaps',
      namespace,
    };
    await expect(client.canI(attributes)).resolves.toMatchObject({
      allowed: true,
    });
    const rbac = 'rbac.authorization.k8s.io';
    await client.apply({
      apiVersion: `${rbac}/v1`,
      kind: 'Role',
      metadata: { name: 'reader', namespace },
      rules: [
        { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list'] },
      ],
    });
    await client.apply({
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata: { name: 'reader', namespace },
      roleRef: { apiGroup: rbac, kind: 'Role', name: 'reader' },
      subjects: [
        { kind: 'User', apiGroup: rbac, name: 'reader' },
        { kind: 'Group', apiGroup: rbac, name: 'readers' },
      ],
    });
    const answers = await eventually(
      async () =>
        Promise.all([
          client.canUser({ user: `reader` }, attributes),
          client.canUser({ user: 'x', groups: ['readers'] }, attributes),
          client.canUser({ user: 'reader' }, { ...attributes, verb: 'delete' }),
          client.canUser(
            { user: 'reader' },
            { ...attributes, namespace: 'default' },
          ),
          client.canUser({ user: 'stranger' }, attributes),
        ]),
      found => found.length === 5,
    );
    expect(answers.map(answer => answer.allowed)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);

    const reader = client.impersonate({ user: 'reader' });
    await expect(reader.list(CONFIG_MAP, { namespace })).resolves.toMatchObject(
      { items: expect.any(Array) },
    );
    const denied = await errorOf(reader.create(configMap('denied')));
    expect(denied).toMatchObject({ code: 'denied', status: 403 });
    await expect(reader.canI(attributes)).resolves.toMatchObject({
      allowed: true,
    });
    expect(() => reader.cache({ kind: CONFIG_MAP })).toThrow(
      'held in memory is read by the portal',
    );
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
    await expect(client.list(kind)).rejects.toMatchObject({
      code: 'not-found',
    });
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      name: `widgets.${group}`,
    };
    await client.apply(customResourceDefinition(group));
    await eventually(
      async () => (await client.get(definition)).status,
      status => JSON.stringify(status).includes('"Established"'),
    );
    const { object } = await eventually(
      () => client.create(widget('small', { size: 2 })).catch(() => undefined),
      created => created !== undefined,
    ).then(created => created!);
    expect(object.spec).toEqual({ size: 2, color: 'blue' });
    expect(object.metadata.generation).toBe(1);

    const wrong = await errorOf(client.create(widget('wrong', { size: 99 })));
    expect(kubernetesFailureOf(wrong)).toMatchObject({
      type: 'invalid',
      fields: [{ field: 'spec.size' }],
    });
    const address = { ...kind, namespace, name: 'small' };
    await expect(
      client.apply(widget('small', { size: 3, unknown: true }), {
        fieldValidation: 'Ignore',
        force: true,
      }),
    ).rejects.toMatchObject({
      code: 'invalid',
      reason: expect.stringContaining('.spec.unknown: field not declared'),
    });
    await expect(
      client.replace(widget('small', { size: 3 })),
    ).rejects.toMatchObject({
      code: 'invalid',
      reason: expect.stringContaining('must be specified for an update'),
    });
    const pruned = await client.replace(
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
    const status = await client.patch(
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
      client.patch(address, {
        type: 'strategic',
        patch: { spec: { size: 1 } },
      }),
    ).rejects.toMatchObject({ status: 415 });

    const cache = client.cache({ kind, namespace });
    await cache.whenSynced();
    expect([...cache]).toMatchObject([{ spec: { size: 3 } }]);
    await cache.release();
    await client.delete(definition);
  });

  it('keeps what it watches current', async () => {
    const labelSelector = `watched=${run}`;
    const labels = { watched: run };
    await client.create(configMap('watch-a', { v: '1' }, labels));
    const indexes = { value: valueOf };
    const watched = { kind: CONFIG_MAP, namespace, labelSelector, indexes };
    const cache = client.cache(watched);
    const shared = client.cache({ ...watched });
    expect(shared).toBe(cache);
    expect(cache.freshness.stale).toBe(true);
    await cache.whenSynced();
    expect(cache.freshness).toMatchObject({
      source: `kubernetes/${client.cluster}`,
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
    await client.create(configMap('watch-b', { v: '2' }, labels));
    await client.patch(ref('watch-a'), {
      type: 'merge',
      patch: { data: { v: '3' } },
    });
    // Leaves the selection, which is a deletion for who watches it.
    await client.patch(ref('watch-b'), {
      type: 'merge',
      patch: { metadata: { labels: { watched: 'no' } } },
    });
    await client.delete(ref('watch-a'));
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

    await client.create(configMap('watch-c', { v: '4' }, labels));
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
    expect(client.upstream.health().streams).toBe(1);
    await cache.release();
    expect(client.upstream.health().streams).toBe(1);
    await shared.release();
    expect(client.upstream.health().streams).toBe(0);
  });

  it('watches metadata where that is enough', async () => {
    const labels = { slim: run };
    await client.create(configMap('slim-a', { secret: 'large' }, labels));
    const cache = client.cache({
      kind: CONFIG_MAP,
      namespace,
      labelSelector: `slim=${run}`,
      metadataOnly: true,
    });
    await cache.whenSynced();
    await client.create(configMap('slim-b', { secret: 'large' }, labels));
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
      await client.create({
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
    const events = await client.events({
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
      client.events({ namespace, regarding: { name: 'nobody' } }),
    ).resolves.toEqual([]);
  });

  it('reads logs', async () => {
    const address = { namespace, pod: 'nobody' };
    await expect(client.logs(address)).rejects.toMatchObject({
      code: 'not-found',
    });
    if (!options.runsPods) {
      return;
    }
    await client.apply(deployment('logging', 1));
    const pod = await eventually(
      async () =>
        (
          await client.list(
            { apiVersion: 'v1', kind: 'Pod' },
            { namespace, labelSelector: 'app=logging' },
          )
        ).items.find(item => JSON.stringify(item).includes('"Running"')),
      found => found !== undefined,
    );
    const { name } = pod!.metadata;
    await eventually(
      () => client.logs({ namespace, pod: name }),
      lines => lines.length > 0,
    );
    const last = await client.logs({
      namespace,
      pod: name,
      tailLines: 1,
      timestamps: true,
    });
    expect(last).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\dT/)]);
    for await (const line of client.followLogs({ namespace, pod: name })) {
      expect(line).not.toBe('');
      break;
    }
    expect(client.upstream.health().streams).toBe(0);
  });
}

function valueOf(object: KubernetesObject): string[] {
  const { v } = (object.data ?? {}) as { v?: string };
  return v ? [v] : [];
}

function namesOf(objects: Iterable<KubernetesObject>): string[] {
  return [...objects].map(object => object.metadata.name);
}

function containersOf(object: KubernetesObject): string[] {
  const { template } = object.spec as {
    template: { spec: { containers: { name: string }[] } };
  };
  return template.spec.containers.map(container => container.name);
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('It should have failed');
    },
    error => error,
  );
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
