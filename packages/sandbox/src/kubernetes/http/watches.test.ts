import { KubernetesTestServer } from '../testUtils/KubernetesTestServer';

const MAPS = '/api/v1/namespaces/default/configmaps';

describe('watches', () => {
  let server: KubernetesTestServer;
  const create = (name: string, labels = {}) =>
    server.send(MAPS, {
      method: 'POST',
      body: { metadata: { name, labels } },
    });
  const label = (name: string, labels: object) =>
    server.send(`${MAPS}/${name}`, {
      method: 'PATCH',
      contentType: 'application/merge-patch+json',
      body: { metadata: { labels } },
    });
  const revision = async () =>
    (await server.send(MAPS)).body.metadata.resourceVersion;

  beforeEach(async () => {
    server = await KubernetesTestServer.start();
  });
  afterEach(async () => {
    await server.remove();
  });

  it('should tell of what changed after a version, then of each change', async () => {
    const from = await revision();
    await create('one');
    const watch = await server.watch(`${MAPS}?watch=1&resourceVersion=${from}`);
    expect(await watch.next()).toMatchObject({
      type: 'ADDED',
      object: { kind: 'ConfigMap', metadata: { name: 'one' } },
    });
    await label('one', { a: 'b' });
    expect(await watch.next()).toMatchObject({
      type: 'MODIFIED',
      object: { metadata: { labels: { a: 'b' } } },
    });
    await server.send(`${MAPS}/one`, { method: 'DELETE' });
    const deleted = await watch.next();
    expect(deleted).toMatchObject({
      type: 'DELETED',
      object: { metadata: { name: 'one', labels: { a: 'b' } } },
    });
    expect(deleted.object.metadata.resourceVersion).toBe(await revision());
    await watch.close();
  });

  it('should begin with what is there, and end the beginning with a bookmark', async () => {
    const watch = await server.watch(
      `${MAPS}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`,
    );
    expect(await watch.next()).toMatchObject({
      type: 'ADDED',
      object: { metadata: { name: 'kube-root-ca.crt' } },
    });
    expect(await watch.next()).toMatchObject({
      type: 'BOOKMARK',
      object: {
        kind: 'ConfigMap',
        metadata: {
          resourceVersion: await revision(),
          annotations: { 'k8s.io/initial-events-end': 'true' },
        },
      },
    });
    await watch.close();
    const refused = await server.send(`${MAPS}?watch=1&sendInitialEvents=true`);
    expect(refused.body).toMatchObject({ code: 422, reason: 'Invalid' });
  });

  it('should add and delete what comes into a selection and leaves it', async () => {
    const watch = await server.watch(
      `${MAPS}?watch=1&resourceVersion=${await revision()}&labelSelector=on%3Dyes`,
    );
    await create('switched');
    await label('switched', { on: 'yes' });
    expect(await watch.next()).toMatchObject({ type: 'ADDED' });
    await label('switched', { on: 'no' });
    expect(await watch.next()).toMatchObject({
      type: 'DELETED',
      object: { metadata: { name: 'switched', labels: { on: 'yes' } } },
    });
    await watch.close();
  });

  it('should end when its time is up, with a bookmark', async () => {
    const watch = await server.watch(
      `${MAPS}?watch=1&resourceVersion=${await revision()}&timeoutSeconds=1&allowWatchBookmarks=true`,
    );
    expect(await watch.next()).toMatchObject({ type: 'BOOKMARK' });
    expect(await watch.next()).toBeUndefined();
  });

  it('should say in the stream that a version is too old', async () => {
    const from = await revision();
    await create('after');
    server.cluster.server.store.forgetHistory();
    const watch = await server.watch(`${MAPS}?watch=1&resourceVersion=${from}`);
    expect(watch.status).toBe(200);
    expect(await watch.next()).toMatchObject({
      type: 'ERROR',
      object: { kind: 'Status', code: 410, reason: 'Expired' },
    });
    expect(await watch.next()).toBeUndefined();
  });

  it('should expire on demand: watches under way in the stream, new ones with 410', async () => {
    const path = `${MAPS}?watch=1&resourceVersion=${await revision()}`;
    const watch = await server.watch(path);
    server.faults.set('kubernetes', { watchGone: true });
    expect(await watch.next()).toMatchObject({
      type: 'ERROR',
      object: { code: 410 },
    });
    expect((await server.send(path)).body).toMatchObject({
      code: 410,
      reason: 'Expired',
    });
    server.faults.clear('kubernetes');
    const again = await server.watch(path);
    expect(again.status).toBe(200);
    await again.close();
  });

  it('should come as a table', async () => {
    const watch = await server.watch(`${MAPS}?watch=1`, {
      accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
    });
    const first = await watch.next();
    expect(first.object).toMatchObject({
      kind: 'Table',
      columnDefinitions: [{ name: 'Name' }, { name: 'Data' }, { name: 'Age' }],
      rows: [{ cells: ['kube-root-ca.crt', 1, expect.any(String)] }],
    });
    await create('second');
    expect((await watch.next()).object.columnDefinitions).toBeNull();
    await watch.close();
  });
});
