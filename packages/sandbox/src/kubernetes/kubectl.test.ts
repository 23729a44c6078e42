import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import {
  createDeployment,
  KubernetesTestServer,
} from './testUtils/KubernetesTestServer';

const run = promisify(execFile);
const program = process.env.WAYSTONE_TEST_KUBECTL;

// Skipped, and said so by Jest, unless WAYSTONE_TEST_KUBECTL names a kubectl.
(program ? describe : describe.skip)('kubectl', () => {
  let server: KubernetesTestServer;
  let manifest: string;
  const kubectl = async (...args: string[]) => {
    const { stdout } = await run(program!, args, {
      env: {
        ...process.env,
        KUBECONFIG: server.kubernetes.kubeconfigFile,
        HOME: server.stateFolder,
      },
      timeout: 30_000,
    });
    return stdout.trim();
  };

  beforeAll(async () => {
    server = await KubernetesTestServer.start({ kubectlPort: 0 });
    manifest = join(server.stateFolder, 'web.yaml');
    await writeFile(manifest, stringify(createDeployment('web')));
  });
  afterAll(async () => {
    await server.remove();
  });

  it('should apply, without a difference afterwards', async () => {
    expect(await kubectl('apply', '-f', manifest)).toBe(
      'deployment.apps/web created',
    );
    expect(await kubectl('apply', '-f', manifest)).toBe(
      'deployment.apps/web unchanged',
    );
    expect(await kubectl('diff', '-f', manifest)).toBe('');
    expect(await kubectl('apply', '--server-side', '-f', manifest)).toBe(
      'deployment.apps/web serverside-applied',
    );
  }, 60_000);

  it('should show, describe, explain and change', async () => {
    expect(await kubectl('get', 'deploy', 'web', '-o', 'wide')).toMatch(
      /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE +CONTAINERS +IMAGES +SELECTOR\nweb +0\/2 /,
    );
    expect(await kubectl('describe', 'deploy', 'web')).toContain(
      '2 desired | 0 updated',
    );
    expect(await kubectl('explain', 'app.spec.source.repoURL')).toContain(
      'FIELD: repoURL <string>',
    );
    expect(await kubectl('api-resources', '-o', 'name')).toContain(
      'applications.argoproj.io',
    );
    expect(await kubectl('scale', 'deploy', 'web', '--replicas=3')).toBe(
      'deployment.apps/web scaled',
    );
    expect(await kubectl('label', 'deploy', 'web', 'a=b')).toBe(
      'deployment.apps/web labeled',
    );
    expect(await kubectl('auth', 'can-i', 'create', 'pods')).toBe('yes');
    expect(
      await kubectl('wait', '--for=jsonpath={.spec.replicas}=3', 'deploy/web'),
    ).toBe('deployment.apps/web condition met');
  }, 60_000);

  it('should create with the encoding that kubectl chooses, and delete', async () => {
    expect(
      await kubectl('create', 'configmap', 'made', '--from-literal=a=b'),
    ).toBe('configmap/made created');
    expect(await kubectl('create', 'deployment', 'made', '--image=a:1')).toBe(
      'deployment.apps/made created',
    );
    expect(
      await kubectl('get', 'configmap', 'made', '-o', 'jsonpath={.data.a}'),
    ).toBe('b');
    expect(await kubectl('delete', 'deploy', 'made')).toBe(
      'deployment.apps "made" deleted',
    );
    await kubectl('create', 'namespace', 'short');
    expect(await kubectl('delete', 'namespace', 'short')).toBe(
      'namespace "short" deleted',
    );
  }, 60_000);
});
