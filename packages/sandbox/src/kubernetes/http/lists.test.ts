import { KubernetesTestServer } from '../testUtils/KubernetesTestServer';

const MAPS = '/api/v1/namespaces/default/configmaps';

describe('lists', () => {
  let server: KubernetesTestServer;
  const create = (name: string, labels = {}) =>
    server.send(MAPS, {
      method: 'POST',
      body: { metadata: { name, labels: { listed: 'yes', ...labels } } },
    });
  const names = (answer: { body: any }) =>
    answer.body.items.map((item: any) => item.metadata.name);

  beforeAll(async () => {
    server = await KubernetesTestServer.start();
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      await create(name, { tier: name < 'c' ? 'web' : 'db' });
    }
  });
  afterAll(async () => {
    await server.remove();
  });

  it('should come in pages that show one moment', async () => {
    const first = await server.send(`${MAPS}?limit=2`);
    expect(first.body.items).toHaveLength(2);
    expect(first.body.metadata.remainingItemCount).toBe(4);
    expect(first.body.items[0].kind).toBeUndefined();

    await server.send(`${MAPS}/d`, { method: 'DELETE' });
    await create('f');
    const token = first.body.metadata.continue;
    const second = await server.send(`${MAPS}?limit=10&continue=${token}`);
    expect(names(second)).toEqual(['c', 'd', 'e', 'kube-root-ca.crt']);
    expect(second.body.metadata.resourceVersion).toBe(
      first.body.metadata.resourceVersion,
    );
    expect(names(await server.send(MAPS))).toEqual([
      'a',
      'b',
      'c',
      'e',
      'f',
      'kube-root-ca.crt',
    ]);
  });

  it('should say that a page is too old, and how to go on', async () => {
    const first = await server.send(`${MAPS}?limit=2`);
    server.cluster.server.store.forgetHistory();
    await create('later');
    server.cluster.server.store.forgetHistory();
    const late = await server.send(
      `${MAPS}?limit=2&continue=${first.body.metadata.continue}`,
    );
    expect(late.body).toMatchObject({ code: 410, reason: 'Expired' });
    const rest = await server.send(
      `${MAPS}?continue=${late.body.metadata.continue}`,
    );
    expect(rest.status).toBe(200);
    expect(names(rest)).toContain('later');
  });

  it.each([
    ['tier=web', ['a', 'b']],
    ['tier!=web,listed=yes', ['c', 'e', 'f', 'later']],
    ['tier in (web, db)', ['a', 'b', 'c', 'e']],
    ['tier notin (web),tier', ['c', 'e']],
    ['!tier,listed', ['f', 'later']],
  ])('should select by labels: %s', async (selector, expected) => {
    const answer = await server.send(
      `${MAPS}?labelSelector=${encodeURIComponent(selector)}`,
    );
    expect(names(answer)).toEqual(expected);
  });

  it('should select by fields', async () => {
    const answer = await server.send(
      '/api/v1/configmaps?fieldSelector=metadata.name%3Da,metadata.namespace%3Ddefault',
    );
    expect(names(answer)).toEqual(['a']);
  });

  it('should refuse versions and combinations that make no sense', async () => {
    const future = await server.send(`${MAPS}?resourceVersion=999999`);
    expect(future.body).toMatchObject({
      code: 504,
      reason: 'Timeout',
      details: { causes: [{ reason: 'ResourceVersionTooLarge' }] },
    });
    const text = await server.send(`${MAPS}?resourceVersion=abc`);
    expect(text.status).toBe(400);
    const match = await server.send(`${MAPS}?resourceVersionMatch=Exact`);
    expect(match.body).toMatchObject({ code: 422, reason: 'Invalid' });
    const selector = await server.send(`${MAPS}?labelSelector=a%20b`);
    expect(selector.status).toBe(400);
  });

  it('should come as a table or as metadata', async () => {
    const table = await server.send(`${MAPS}?labelSelector=tier%3Dweb`, {
      accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
    });
    expect(table.body.kind).toBe('Table');
    expect(
      table.body.columnDefinitions.map((column: any) => column.name),
    ).toEqual(['Name', 'Data', 'Age']);
    expect(table.body.rows[0].cells.slice(0, 2)).toEqual(['a', 0]);
    expect(table.body.rows[0].object.kind).toBe('PartialObjectMetadata');
    const metadata = await server.send(`${MAPS}?labelSelector=tier%3Dweb`, {
      accept:
        'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
    });
    expect(metadata.body.kind).toBe('PartialObjectMetadataList');
    expect(Object.keys(metadata.body.items[0]).sort()).toEqual([
      'apiVersion',
      'kind',
      'metadata',
    ]);
  });
});
