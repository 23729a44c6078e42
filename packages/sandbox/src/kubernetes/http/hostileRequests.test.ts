import { KubernetesTestServer } from '../testUtils/KubernetesTestServer';

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';

describe('hostile requests to the Kubernetes API', () => {
  let server: KubernetesTestServer;

  beforeAll(async () => {
    server = await KubernetesTestServer.start();
  });
  afterAll(async () => {
    await server.remove();
  });

  const send = (path: string, body: string, type: string, method = 'POST') =>
    server.send(path, { method, contentType: type, body });

  it.each([
    ['an object without a name', '{"a":1}', 'application/json', 422],
    [
      'deep JSON',
      `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
      'application/json',
      422,
    ],
    ['deep YAML', '['.repeat(5_000), 'application/yaml', 400],
    ['large YAML', '- a\n'.repeat(300_000), 'application/yaml', 413],
    [
      'labels named like prototypes',
      'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: hostile\n  labels:\n    __proto__: x\n',
      'application/yaml',
      422,
    ],
  ])('should refuse %s', async (_what, body, type, status) => {
    const answer = await send('/api/v1/namespaces', body, type);

    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ kind: 'Status', code: status });
  });

  it('should not let patches change the prototypes of JavaScript', async () => {
    await send(
      CONFIG_MAPS,
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"hostile"},"data":{"a":"b"}}',
      'application/json',
    );
    const patch = async (kind: string, body: string) =>
      (
        await send(
          `${CONFIG_MAPS}/hostile?fieldManager=test&force=true`,
          body,
          `application/${kind}`,
          'PATCH',
        )
      ).status;

    for (const body of [
      '[{"op":"add","path":"/__proto__/polluted","value":"1"}]',
      '[{"op":"copy","from":"/constructor/prototype","path":"/data/x"}]',
      '[{"op":"add","path":"/constructor/prototype/polluted","value":"1"}]',
      '[{"op":"move","from":"/metadata","path":"/metadata/labels"}]',
    ]) {
      await expect(patch('json-patch+json', body)).resolves.toBe(422);
    }
    for (const kind of ['merge-patch+json', 'strategic-merge-patch+json']) {
      for (const body of [
        '{"__proto__":{"polluted":"1"}}',
        '{"constructor":{"prototype":{"polluted":"1"}}}',
        '{"data":{"__proto__":{"polluted":"1"}}}',
        '{"metadata":{"__proto__":{"polluted":"1"}}}',
      ]) {
        expect(await patch(kind, body)).toBeLessThan(500);
      }
    }
    await expect(
      patch(
        'apply-patch+yaml',
        '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"hostile"},"data":{"__proto__":"x","a":"b"}}',
      ),
    ).resolves.toBe(200);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});
