import {
  createDeployment,
  KubernetesTestServer,
} from '../testUtils/KubernetesTestServer';

const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const MAPS = '/api/v1/namespaces/default/configmaps';

describe('objects over HTTP', () => {
  let server: KubernetesTestServer;

  beforeAll(async () => {
    server = await KubernetesTestServer.start();
  });
  afterAll(async () => {
    await server.remove();
  });

  it('should create with what the server fills in, and refuse a second of the name', async () => {
    const created = await server.send(DEPLOYMENTS, {
      method: 'POST',
      body: createDeployment('filled'),
    });
    expect(created.status).toBe(201);
    expect(created.body.metadata).toMatchObject({
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      generation: 1,
      resourceVersion: expect.stringMatching(/^\d+$/),
      creationTimestamp: expect.stringMatching(/^\d{4}-.*:\d{2}Z$/),
    });
    expect(created.body.spec).toMatchObject({
      progressDeadlineSeconds: 600,
      revisionHistoryLimit: 10,
      strategy: {
        type: 'RollingUpdate',
        rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' },
      },
    });
    expect(created.body.spec.template.spec.containers[0]).toMatchObject({
      imagePullPolicy: 'IfNotPresent',
      ports: [{ containerPort: 80, protocol: 'TCP' }],
    });

    const again = await server.send(DEPLOYMENTS, {
      method: 'POST',
      body: createDeployment('filled'),
    });
    expect(again.status).toBe(409);
    expect(again.body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'deployments.apps "filled" already exists',
      reason: 'AlreadyExists',
      details: { name: 'filled', group: 'apps', kind: 'deployments' },
      code: 409,
    });
  });

  it('should make up names from generateName', async () => {
    const body = { metadata: { generateName: 'made-up-' } };
    const first = await server.send(MAPS, { method: 'POST', body });
    const second = await server.send(MAPS, { method: 'POST', body });
    expect(first.body.metadata.name).toMatch(/^made-up-[a-z0-9]{5}$/);
    expect(second.body.metadata.name).not.toBe(first.body.metadata.name);
  });

  it('should refuse a write that was based on an older version', async () => {
    const created = await server.send(MAPS, {
      method: 'POST',
      body: { metadata: { name: 'busy' }, data: { a: '1' } },
    });
    const changed = await server.send(`${MAPS}/busy`, {
      method: 'PUT',
      body: { ...created.body, data: { a: '2' } },
    });
    expect(changed.status).toBe(200);
    const late = await server.send(`${MAPS}/busy`, {
      method: 'PUT',
      body: { ...created.body, data: { a: '3' } },
    });
    expect(late.body).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on configmaps "busy": the object has been modified; please apply your changes to the latest version and try again',
    });
  });

  it('should store nothing when nothing changes', async () => {
    await server.send(MAPS, {
      method: 'POST',
      body: { metadata: { name: 'same' }, data: { a: '1' } },
    });
    const before = await server.send(`${MAPS}/same`);
    const after = await server.send(`${MAPS}/same`, {
      method: 'PUT',
      body: before.body,
    });
    expect(after.body.metadata.resourceVersion).toBe(
      before.body.metadata.resourceVersion,
    );
  });

  it('should count changes of the spec, and not of status or labels', async () => {
    await server.send(DEPLOYMENTS, {
      method: 'POST',
      body: createDeployment('counted'),
    });
    const patch = (path: string, body: object) =>
      server.send(`${DEPLOYMENTS}/counted${path}`, {
        method: 'PATCH',
        contentType: 'application/merge-patch+json',
        body,
      });
    const labelled = await patch('', { metadata: { labels: { x: 'y' } } });
    expect(labelled.body.metadata.generation).toBe(1);
    const status = await patch('/status', {
      spec: { replicas: 9 },
      status: { replicas: 1 },
    });
    expect(status.body.metadata.generation).toBe(1);
    expect(status.body.spec.replicas).toBe(2);
    expect(status.body.status.replicas).toBe(1);
    const scaled = await patch('', {
      spec: { replicas: 3 },
      status: { replicas: 7 },
    });
    expect(scaled.body.metadata.generation).toBe(2);
    expect(scaled.body.status.replicas).toBe(1);
  });

  it('should say with causes what is wrong', async () => {
    const answer = await server.send(DEPLOYMENTS, {
      method: 'POST',
      body: {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'Bad_Name' },
        spec: {
          selector: { matchLabels: { a: 'b' } },
          template: {
            metadata: { labels: { a: 'c' } },
            spec: { containers: [{ name: 'x' }] },
          },
        },
      },
    });
    expect(answer.status).toBe(422);
    expect(answer.body.reason).toBe('Invalid');
    expect(answer.body.details.causes.map((cause: any) => cause.field)).toEqual(
      [
        'metadata.name',
        'spec.template.metadata.labels',
        'spec.template.spec.containers[0].image',
      ],
    );
  });

  it('should refuse another type of value and, if asked to, unknown fields', async () => {
    const wrong = await server.send(DEPLOYMENTS, {
      method: 'POST',
      body: createDeployment('wrong', { replicas: 'two' }),
    });
    expect(wrong.status).toBe(400);
    expect(wrong.body.message).toContain(
      'json: cannot unmarshal string into Go struct field',
    );
    const body = createDeployment('unknown', { replica: 1 });
    const strict = await server.send(`${DEPLOYMENTS}?fieldValidation=Strict`, {
      method: 'POST',
      body,
    });
    expect(strict.body).toMatchObject({
      code: 400,
      message:
        'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replica"',
    });
    const warned = await server.send(`${DEPLOYMENTS}?dryRun=All`, {
      method: 'POST',
      body,
    });
    expect(warned.status).toBe(201);
    expect(warned.headers.get('warning')).toBe(
      '299 - "unknown field \\"spec.replica\\""',
    );
    expect(warned.body.spec.replica).toBeUndefined();
    const stored = await server.send(`${DEPLOYMENTS}/unknown`);
    expect(stored.status).toBe(404);
  });

  it('should not let selectors change', async () => {
    await server.send(DEPLOYMENTS, {
      method: 'POST',
      body: createDeployment('fixed'),
    });
    const answer = await server.send(`${DEPLOYMENTS}/fixed`, {
      method: 'PATCH',
      contentType: 'application/merge-patch+json',
      body: {
        spec: {
          selector: { matchLabels: { app: 'other' } },
          template: { metadata: { labels: { app: 'other' } } },
        },
      },
    });
    expect(answer.status).toBe(422);
    expect(answer.body.message).toContain('field is immutable');
  });

  it('should refuse writes into namespaces that are not there', async () => {
    const answer = await server.send('/api/v1/namespaces/none/configmaps', {
      method: 'POST',
      body: { metadata: { name: 'x' } },
    });
    expect(answer.body).toMatchObject({
      code: 404,
      reason: 'NotFound',
      message: 'namespaces "none" not found',
    });
  });

  it.each([
    [
      '/apis/apps/v1/things',
      404,
      'NotFound',
      'the server could not find the requested resource',
    ],
    [
      '/api/v1/namespaces/default/configmaps/none',
      404,
      'NotFound',
      'configmaps "none" not found',
    ],
    [
      '/api/v1/pods?fieldSelector=spec.nope%3D1',
      400,
      'BadRequest',
      '"spec.nope" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
  ])('should answer %s with %i %s', async (path, status, reason, message) => {
    const answer = await server.send(path);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ kind: 'Status', reason, message });
  });

  it('should answer for groups that are not there as for any unknown path', async () => {
    const answer = await server.send('/apis/nobody.example/v1/things');
    expect([answer.status, answer.text]).toEqual([404, '404 page not found\n']);
  });

  it('should refuse methods, bodies and representations it does not have', async () => {
    const method = await server.send('/api/v1/namespaces', {
      method: 'DELETE',
    });
    expect(method.body).toMatchObject({
      code: 405,
      reason: 'MethodNotAllowed',
    });
    const large = await server.send(MAPS, {
      method: 'POST',
      body: { metadata: { name: 'large' }, data: { a: 'x'.repeat(4e6) } },
    });
    expect(large.body).toMatchObject({
      code: 413,
      reason: 'RequestEntityTooLarge',
    });
    const form = await server.send(MAPS, {
      method: 'POST',
      contentType: 'application/x-www-form-urlencoded',
      body: 'a=b',
    });
    expect(form.body).toMatchObject({ code: 415 });
    const html = await server.send(MAPS, { accept: 'text/html' });
    expect(html.body).toMatchObject({ code: 406, reason: 'NotAcceptable' });
  });

  it('should read YAML, and write it', async () => {
    const created = await server.send(MAPS, {
      method: 'POST',
      contentType: 'application/yaml',
      accept: 'application/yaml',
      body: 'metadata: {name: from-yaml}\ndata:\n  a: "1"\n',
    });
    expect(created.status).toBe(201);
    expect(created.text).toContain('a: "1"');
  });

  it('should delete with preconditions, and tell what is gone', async () => {
    const created = await server.send(MAPS, {
      method: 'POST',
      body: { metadata: { name: 'gone' } },
    });
    const other = await server.send(`${MAPS}/gone`, {
      method: 'DELETE',
      body: { preconditions: { uid: 'of-somebody-else' } },
    });
    expect(other.body).toMatchObject({ code: 409, reason: 'Conflict' });
    const deleted = await server.send(`${MAPS}/gone`, { method: 'DELETE' });
    expect(deleted.body).toMatchObject({
      status: 'Success',
      details: {
        name: 'gone',
        kind: 'configmaps',
        uid: created.body.metadata.uid,
      },
    });
    expect((await server.send(`${MAPS}/gone`)).status).toBe(404);
  });

  it('should delete a collection by its labels', async () => {
    for (const [name, app] of [
      ['one', 'a'],
      ['two', 'a'],
      ['three', 'b'],
    ]) {
      await server.send(MAPS, {
        method: 'POST',
        body: { metadata: { name: `many-${name}`, labels: { many: app } } },
      });
    }
    await server.send(`${MAPS}?labelSelector=many%3Da`, { method: 'DELETE' });
    const left = await server.send(`${MAPS}?labelSelector=many`);
    expect(left.body.items.map((item: any) => item.metadata.name)).toEqual([
      'many-three',
    ]);
  });

  it('should keep what has finalizers until they are removed', async () => {
    await server.send(MAPS, {
      method: 'POST',
      body: { metadata: { name: 'held', finalizers: ['example.org/hold'] } },
    });
    const marked = await server.send(`${MAPS}/held`, { method: 'DELETE' });
    expect(marked.body.metadata.deletionTimestamp).toBeDefined();
    const released = await server.send(`${MAPS}/held`, {
      method: 'PATCH',
      contentType: 'application/merge-patch+json',
      body: { metadata: { finalizers: null } },
    });
    expect(released.status).toBe(200);
    expect((await server.send(`${MAPS}/held`)).status).toBe(404);
  });

  it('should serve events in both versions', async () => {
    const created = await server.send('/api/v1/namespaces/default/events', {
      method: 'POST',
      body: {
        metadata: { name: 'seen' },
        involvedObject: { kind: 'Pod', name: 'web-1', namespace: 'default' },
        reason: 'Started',
        message: 'Started container web',
        type: 'Normal',
        count: 2,
      },
    });
    expect(created.status).toBe(201);
    const newer = await server.send(
      '/apis/events.k8s.io/v1/namespaces/default/events?fieldSelector=regarding.name%3Dweb-1',
    );
    expect(newer.body.items).toEqual([
      expect.objectContaining({
        regarding: { kind: 'Pod', name: 'web-1', namespace: 'default' },
        note: 'Started container web',
        deprecatedCount: 2,
      }),
    ]);
  });
});
