import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { testKubernetesClient } from './conformance';
import { createTestKubernetesClient } from './testUtils';

const file = process.env.WAYSTONE_TEST_KUBECONFIG;

jest.setTimeout(60_000);

if (file) {
  describe('a real cluster', () => {
    testKubernetesClient({
      create: async given => {
        const { ca, token, url } = readKubeconfig(file);
        return createTestKubernetesClient({
          url,
          ca,
          token: given?.token ?? token,
          cluster: 'real',
          mayImpersonate: () => true,
        });
      },
      runsPods: process.env.WAYSTONE_TEST_KUBERNETES_PODS === '1',
    });
  });
} else {
  it.skip('a real cluster: WAYSTONE_TEST_KUBECONFIG names none', () => {});
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
