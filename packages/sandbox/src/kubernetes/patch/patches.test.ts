import {
  createDeployment,
  KubernetesTestServer,
} from '../testUtils/KubernetesTestServer';

const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const APPLY = 'application/apply-patch+yaml';
const STRATEGIC = 'application/strategic-merge-patch+json';

describe('patches', () => {
  let server: KubernetesTestServer;
  const patch = (
    name: string,
    contentType: string,
    body: unknown,
    query = '',
  ) =>
    server.send(`${DEPLOYMENTS}/${name}${query}`, {
      method: 'PATCH',
      contentType,
      body,
    });
  const apply = (
    name: string,
    manager: string,
    spec: object,
    query = '',
    metadata: object = {},
  ) =>
    patch(
      name,
      APPLY,
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name, ...metadata },
        spec,
      },
      `?fieldManager=${manager}${query}`,
    );
  const create = (name: string) =>
    server.send(`${DEPLOYMENTS}?fieldManager=creator`, {
      method: 'POST',
      body: createDeployment(name),
    });
  const managersOf = (object: any): Record<string, any> =>
    Object.fromEntries(
      object.metadata.managedFields.map((entry: any) => [
        `${entry.operation} ${entry.manager}`,
        entry.fieldsV1,
      ]),
    );

  beforeAll(async () => {
    server = await KubernetesTestServer.start();
  });
  afterAll(async () => {
    await server.remove();
  });

  it('should apply JSON patches, and refuse those that do not fit', async () => {
    await create('json');
    const done = await patch('json', 'application/json-patch+json', [
      { op: 'test', path: '/spec/replicas', value: 2 },
      { op: 'replace', path: '/spec/replicas', value: 3 },
    ]);
    expect(done.body.spec.replicas).toBe(3);
    const refused = await patch('json', 'application/json-patch+json', [
      { op: 'test', path: '/spec/replicas', value: 2 },
    ]);
    expect(refused.body).toMatchObject({ code: 422, reason: 'Invalid' });
  });

  it('should merge lists by key in strategic merge patches', async () => {
    await create('strategic');
    const spec = (containers: object[], more = {}) => ({
      spec: { template: { spec: { containers, ...more } } },
    });
    const added = await patch(
      'strategic',
      STRATEGIC,
      spec([
        { name: 'web', image: 'web:2' },
        { name: 'side', image: 'side:1' },
      ]),
    );
    expect(
      added.body.spec.template.spec.containers.map((container: any) => [
        container.name,
        container.image,
      ]),
    ).toEqual([
      ['web', 'web:2'],
      ['side', 'side:1'],
    ]);
    expect(added.body.spec.template.spec.containers[0].ports).toHaveLength(1);

    const reordered = await patch(
      'strategic',
      STRATEGIC,
      spec([], {
        '$setElementOrder/containers': [{ name: 'side' }, { name: 'web' }],
      }),
    );
    expect(
      reordered.body.spec.template.spec.containers.map(
        (container: any) => container.name,
      ),
    ).toEqual(['side', 'web']);

    const removed = await patch(
      'strategic',
      STRATEGIC,
      spec([{ name: 'side', $patch: 'delete' }]),
    );
    expect(removed.body.spec.template.spec.containers).toHaveLength(1);

    const replaced = await patch('strategic', STRATEGIC, {
      spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } },
    });
    expect(replaced.body.spec.strategy).toEqual({ type: 'Recreate' });
  });

  it('should create by applying, and say who manages what', async () => {
    const { spec } = createDeployment('applied');
    const created = await apply('applied', 'team', spec);
    expect(created.status).toBe(201);
    expect(managersOf(created.body)).toEqual({
      'Apply team': {
        'f:spec': {
          'f:replicas': {},
          'f:selector': {},
          'f:template': {
            'f:metadata': { 'f:labels': { 'f:app': {} } },
            'f:spec': {
              'f:containers': {
                'k:{"name":"web"}': {
                  '.': {},
                  'f:image': {},
                  'f:name': {},
                  'f:ports': {
                    'k:{"containerPort":80,"protocol":"TCP"}': {
                      '.': {},
                      'f:containerPort': {},
                    },
                  },
                },
              },
            },
          },
        },
      },
    });
    const again = await apply('applied', 'team', spec);
    expect(again.status).toBe(200);
    expect(again.body.metadata.resourceVersion).toBe(
      created.body.metadata.resourceVersion,
    );
  });

  it('should refuse to take fields of others unless forced', async () => {
    await apply('contested', 'first', createDeployment('contested').spec);
    const refused = await apply('contested', 'second', { replicas: 5 });
    expect(refused.body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message:
        'Apply failed with 1 conflict: conflict with "first": .spec.replicas',
      reason: 'Conflict',
      details: {
        causes: [
          {
            reason: 'FieldManagerConflict',
            message: 'conflict with "first"',
            field: '.spec.replicas',
          },
        ],
      },
      code: 409,
    });
    const forced = await apply(
      'contested',
      'second',
      { replicas: 5 },
      '&force=true',
    );
    expect(forced.body.spec.replicas).toBe(5);
    const managers = managersOf(forced.body);
    expect(managers['Apply second']).toEqual({
      'f:spec': { 'f:replicas': {} },
    });
    expect(managers['Apply first']['f:spec']['f:replicas']).toBeUndefined();
  });

  it('should share fields that two apply alike', async () => {
    await apply('shared', 'first', createDeployment('shared').spec);
    const second = await apply('shared', 'second', { replicas: 2 });
    expect(second.status).toBe(200);
    // The first gives it up: it stays, since the second still wants it.
    const { replicas, ...rest } = createDeployment('shared').spec;
    const kept = await apply('shared', 'first', rest);
    expect(kept.body.spec.replicas).toBe(replicas);
  });

  it('should remove what is not applied any more, and fill in defaults', async () => {
    await apply('shrinking', 'team', createDeployment('shrinking').spec, '', {
      labels: { keep: 'yes', drop: 'yes' },
    });
    await patch(
      'shrinking',
      'application/merge-patch+json',
      { metadata: { labels: { other: 'yes' } } },
      '?fieldManager=other',
    );
    const { replicas, ...rest } = createDeployment('shrinking').spec;
    const applied = await apply('shrinking', 'team', rest, '', {
      labels: { keep: 'yes' },
    });
    expect(applied.body.metadata.labels).toEqual({ keep: 'yes', other: 'yes' });
    expect(applied.body.spec.replicas).toBe(1);
  });

  it('should remove items of lists that are not applied any more', async () => {
    const { spec } = createDeployment('items');
    const withEnv = (env: object[]) => ({
      ...spec,
      template: {
        ...spec.template,
        spec: {
          containers: [{ ...spec.template.spec.containers[0], env }],
        },
      },
    });
    await apply(
      'items',
      'team',
      withEnv([
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ]),
    );
    const applied = await apply(
      'items',
      'team',
      withEnv([{ name: 'B', value: '3' }]),
    );
    expect(applied.body.spec.template.spec.containers[0].env).toEqual([
      { name: 'B', value: '3' },
    ]);
  });

  it('should ask for a manager, and refuse managedFields and unknown fields', async () => {
    const { spec } = createDeployment('asked');
    expect((await apply('asked', '', spec)).body).toMatchObject({
      code: 422,
      message: expect.stringContaining('fieldManager: Required value'),
    });
    expect(
      (await apply('asked', 'team', spec, '', { managedFields: [] })).body,
    ).toMatchObject({
      code: 400,
      message: 'metadata.managedFields must be nil',
    });
    expect(
      (await apply('asked', 'team', { ...spec, nope: 1 })).body.message,
    ).toBe(
      'failed to create typed patch object (/asked; apps/v1, Kind=Deployment): .spec.nope: field not declared in schema',
    );
  });

  it('should change nothing in a dry run', async () => {
    await create('dry');
    const tried = await patch(
      'dry',
      'application/merge-patch+json',
      { spec: { replicas: 7 } },
      '?dryRun=All',
    );
    expect(tried.body.spec.replicas).toBe(7);
    const stored = await server.send(`${DEPLOYMENTS}/dry`);
    expect(stored.body.spec.replicas).toBe(2);
  });

  it('should scale, with a manager of its own', async () => {
    await create('scaled');
    const scale = await server.send(`${DEPLOYMENTS}/scaled/scale`);
    expect(scale.body).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      spec: { replicas: 2 },
      status: { replicas: 0, selector: 'app=scaled' },
    });
    await server.send(`${DEPLOYMENTS}/scaled/scale?fieldManager=scaler`, {
      method: 'PATCH',
      contentType: 'application/merge-patch+json',
      body: { spec: { replicas: 4 } },
    });
    const stored = await server.send(`${DEPLOYMENTS}/scaled`);
    expect(stored.body.spec.replicas).toBe(4);
    expect(managersOf(stored.body)['Update scaler']).toEqual({
      'f:spec': { 'f:replicas': {} },
    });
    const negative = await server.send(`${DEPLOYMENTS}/scaled/scale`, {
      method: 'PUT',
      body: { metadata: { name: 'scaled' }, spec: { replicas: -1 } },
    });
    expect(negative.body).toMatchObject({
      code: 422,
      details: { kind: 'Scale' },
    });
  });
});
