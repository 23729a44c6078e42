import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { startSandbox } from '../testUtils/startSandbox';
import type { RunningSandbox } from '../testUtils/startSandbox';
import { testKubernetesClient } from './conformance';
import { createTestKubernetesClient } from './testUtils';

/** Names a kubeconfig with a token that may do everything. */
const { WAYSTONE_TEST_KUBECONFIG, WAYSTONE_TEST_KUBERNETES_PODS } = process.env;

jest.setTimeout(60_000);

describe('the sandbox', () => {
  let sandbox: RunningSandbox;

  beforeAll(async () => {
    sandbox = await startSandbox({ WAYSTONE_SANDBOX_KUBECTL_PORT: '0' });
  });

  afterAll(async () => {
    await sandbox?.stop();
  });

  testKubernetesClient({
    create: given =>
      create(join(sandbox.stateFolder, 'kubernetes/kubeconfig'), given),
    runsPods: true,
  });
});

if (WAYSTONE_TEST_KUBECONFIG) {
  describe('a real cluster', () => {
    testKubernetesClient({
      create: given => create(WAYSTONE_TEST_KUBECONFIG, given),
      runsPods: WAYSTONE_TEST_KUBERNETES_PODS === '1',
    });
  });
}

async function create(kubeconfig: string, given?: { token: string }) {
  return createTestKubernetesClient({
    ...readKubeconfig(kubeconfig),
    ...given,
    mayImpersonate: () => true,
  });
}

function readKubeconfig(path: string) {
  const config = parse(readFileSync(path, 'utf8'));
  const [{ cluster }] = config.clusters;
  const [{ user }] = config.users;
  return {
    url: cluster.server,
    ca: cluster['certificate-authority-data']
      ? Buffer.from(cluster['certificate-authority-data'], 'base64').toString()
      : readFileSync(cluster['certificate-authority'], 'utf8'),
    token: user.token,
  };
}
