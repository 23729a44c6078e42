import { readFile, stat } from 'node:fs/promises';
import { request } from 'node:https';
import { parse } from 'yaml';
import { KubernetesTestServer } from './testUtils/KubernetesTestServer';

describe('createKubernetes', () => {
  let server: KubernetesTestServer;

  beforeEach(async () => {
    server = await KubernetesTestServer.start({ kubectlPort: 0 });
  });
  afterEach(async () => {
    await server.remove();
  });

  const ask = (url: string, ca: string, token: string, host?: string) =>
    new Promise<{ status?: number; text: string }>((resolve, reject) => {
      request(
        url,
        {
          ca,
          // Node would look for the name of the Host header in the certificate.
          ...(host && { servername: 'localhost' }),
          headers: { authorization: `Bearer ${token}`, ...(host && { host }) },
          agent: false,
        },
        response => {
          let text = '';
          response.on('data', chunk => {
            text += chunk;
          });
          response.on('end', () =>
            resolve({ status: response.statusCode, text }),
          );
        },
      )
        .on('error', reject)
        .end();
    });

  it('should write a file with which kubectl reaches each cluster over TLS', async () => {
    const file = server.kubernetes.kubeconfigFile;
    // eslint-disable-next-line no-bitwise
    expect((await stat(file)).mode & 0o077).toBe(0);
    const config = parse(await readFile(file, 'utf8'));
    expect(config['current-context']).toBe('test');
    const { cluster } = config.clusters[0];
    const authority = Buffer.from(
      cluster['certificate-authority-data'],
      'base64',
    ).toString();
    const { port } = new URL(cluster.server);
    for (const host of ['localhost', '127.0.0.1']) {
      const answer = await ask(
        `https://${host}:${port}/kubernetes/test/api/v1/namespaces/default`,
        authority,
        config.users[0].user.token,
      );
      expect(answer.status).toBe(200);
    }
  });

  it('should answer over TLS only to the names of this machine', async () => {
    const config = parse(
      await readFile(server.kubernetes.kubeconfigFile, 'utf8'),
    );
    const { cluster } = config.clusters[0];
    const { port } = new URL(cluster.server);
    const askAs = (host: string) =>
      ask(
        `${cluster.server}/api`,
        Buffer.from(cluster['certificate-authority-data'], 'base64').toString(),
        config.users[0].user.token,
        host,
      );

    await expect(askAs(`127.0.0.1:${port}`)).resolves.toMatchObject({
      status: 200,
    });
    for (const host of [`evil.example:${port}`, 'localhost:1']) {
      await expect(askAs(host)).resolves.toMatchObject({
        status: 403,
        text: expect.stringContaining(`https://localhost:${port}`),
      });
    }
  });

  it('should apply faults over TLS as well, in the words of Kubernetes', async () => {
    const config = parse(
      await readFile(server.kubernetes.kubeconfigFile, 'utf8'),
    );
    const { cluster } = config.clusters[0];
    server.faults.set('kubernetes', { status: 503, retryAfterSeconds: 3 });
    const answer = await ask(
      `${cluster.server}/api`,
      Buffer.from(cluster['certificate-authority-data'], 'base64').toString(),
      config.users[0].user.token,
    );
    expect(JSON.parse(answer.text)).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'the service is unavailable',
      reason: 'ServiceUnavailable',
      code: 503,
    });
  });

  it('should keep its certificates, so that files for kubectl stay good', async () => {
    const before = await readFile(server.kubernetes.kubeconfigFile, 'utf8');
    await server.stop();
    server = await KubernetesTestServer.start({
      stateFolder: server.stateFolder,
      kubectlPort: 0,
    });
    const after = await readFile(server.kubernetes.kubeconfigFile, 'utf8');
    const authority = (text: string) =>
      parse(text).clusters[0].cluster['certificate-authority-data'];
    expect(authority(after)).toBe(authority(before));
  });

  it('should name the clusters that there are', async () => {
    const answer = await fetch(server.url.replace('/test', '/other/api'));
    expect(answer.status).toBe(404);
    expect((await answer.json()).message).toBe(
      'no such cluster; there are test',
    );
  });
});
