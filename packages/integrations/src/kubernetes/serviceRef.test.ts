import {
  createMockDirectory,
  mockServices,
  ServiceFactoryTester,
} from '@backstage/backend-test-utils';
import {
  coreServices,
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { stringify } from 'yaml';
import { DefaultUpstreamRegistry } from '../core/DefaultUpstreamRegistry';
import { upstreamRegistryServiceRef } from '../core/upstreamRegistryServiceRef';
import { ScriptedCluster } from '../testUtils/ScriptedCluster';
import type { KubernetesService } from './KubernetesService';
import { readTokenFile } from './readClusters';
import { kubernetesServiceRef } from './serviceRef';

const CLUSTER = {
  name: 'nonprod',
  url: 'https://nonprod.example.com',
  authProvider: 'serviceAccount',
  serviceAccountToken: 'a-token',
};

describe('kubernetesServiceRef', () => {
  const logger = mockServices.rootLogger.mock();
  const registry = new DefaultUpstreamRegistry();

  async function start(kubernetes: object, integration?: object) {
    const reader = createServiceFactory({
      service: createServiceRef<KubernetesService>({
        id: 'test.reader',
        scope: 'root',
      }),
      deps: { kubernetes: kubernetesServiceRef },
      factory: deps => deps.kubernetes,
    });
    return ServiceFactoryTester.from(reader, {
      dependencies: [
        createServiceFactory({
          service: upstreamRegistryServiceRef,
          deps: {},
          factory: () => registry,
        }),
        mockServices.rootConfig.factory({
          data: {
            kubernetes,
            ...(integration && {
              waystone: { integrations: { kubernetes: integration } },
            }),
          },
        }),
        createServiceFactory({
          service: coreServices.rootLogger,
          deps: {},
          factory: () => logger,
        }),
      ],
    }).getSubject();
  }

  const withClusters = (...clusters: object[]) => ({
    clusterLocatorMethods: [{ type: 'config', clusters }],
  });

  it('has the clusters of the configuration, each with its own fate', async () => {
    const cluster = await ScriptedCluster.start();
    cluster.set('a', '1');
    const gone = await ScriptedCluster.start();
    await gone.stop();
    const service = await start(
      withClusters(
        { ...CLUSTER, url: cluster.server.url, title: 'Non-production' },
        { ...CLUSTER, name: 'gone', url: gone.server.url },
      ),
    );
    expect(service.clusters.map(({ title }) => title)).toEqual([
      'Non-production',
      'gone',
    ]);
    expect(() => service.cluster('prod')).toThrow(
      "There is no cluster 'prod'; there are: nonprod, gone",
    );
    expect(registry.list().map(({ instance }) => instance)).toEqual([
      'gone',
      'nonprod',
    ]);
    const { items, errors } = await service.list({
      apiVersion: 'v1',
      kind: 'ConfigMap',
    });
    expect(items).toEqual([
      {
        cluster: 'nonprod',
        object: expect.objectContaining({ kind: 'ConfigMap' }),
      },
    ]);
    expect(errors).toEqual([
      {
        cluster: 'gone',
        code: 'unreachable',
        retryable: true,
        message: expect.stringContaining('the connection was refused'),
      },
    ]);
    expect(cluster.server.requests[0].headers.authorization).toBe(
      'Bearer a-token',
    );
    await Promise.all(service.clusters.map(client => client.close()));
    await cluster.stop();
  });

  it('names the key of what is wrong', async () => {
    const key = 'kubernetes.clusterLocatorMethods[0].clusters[0]';
    for (const [cluster, message] of [
      [{ ...CLUSTER, url: 'nonsense' }, `${key}.url'`],
      [{ ...CLUSTER, authProvider: 'oidc' }, `${key}.authProvider': 'oidc'`],
      [
        { ...CLUSTER, serviceAccountToken: undefined },
        `${key}.serviceAccountToken': missing`,
      ],
      [{ ...CLUSTER, caData: 'bm9uc2Vuc2U=' }, `${key}.caData'`],
      [{ ...CLUSTER, caFile: '/nowhere/ca.crt' }, `${key}.caFile'`],
    ] as const) {
      await expect(start(withClusters(cluster))).rejects.toThrow(message);
    }
    await expect(start(withClusters(CLUSTER, CLUSTER))).rejects.toThrow(
      "the cluster 'nonprod' is there twice",
    );
    await expect(start({})).resolves.toMatchObject({ clusters: [] });
  });

  it('says so when a certificate is not checked', async () => {
    await start(
      withClusters({ ...CLUSTER, name: 'blind', skipTLSVerify: true }),
    );
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringContaining("The certificate of the cluster 'blind'"),
    );
  });

  it('acts only for whom it may', async () => {
    const service = await start(withClusters({ ...CLUSTER, name: 'shared' }), {
      impersonation: { users: ['oidc:*'], groups: ['oidc:developers'] },
    });
    const client = service.cluster('shared');
    expect(
      client.impersonate({ user: 'oidc:ana', groups: ['oidc:developers'] })
        .cluster,
    ).toBe('shared');
    for (const identity of [
      { user: 'ana' },
      { user: 'system:admin' },
      { user: 'oidc:ana', groups: ['system:masters'] },
      { user: 'oidc:ana', groups: ['oidc:admins'] },
    ]) {
      expect(() => client.impersonate(identity)).toThrow('may not act for');
    }
    expect(() => client.impersonate({ user: 'oidc:a\r\nX: 1' })).toThrow(
      'no header may have',
    );
    await expect(
      start(withClusters(CLUSTER), {
        impersonation: { groups: ['system:masters'] },
      }),
    ).rejects.toThrow('the portal never acts for');
  });

  it('takes identities of all kinds from a kubeconfig', async () => {
    const cluster = await ScriptedCluster.start();
    const folder = createMockDirectory();
    const printed = folder.resolve('printed');
    folder.setContent({
      printed: 'token-one',
      kubeconfig: stringify({
        contexts: ['command', 'token'].map(name => ({
          name,
          context: { cluster: 'one', user: name },
        })),
        clusters: [
          {
            name: 'one',
            cluster: {
              server: cluster.server.url,
              'insecure-skip-tls-verify': true,
            },
          },
        ],
        users: [
          { name: 'token', user: { token: 'a-token' } },
          {
            name: 'command',
            user: {
              exec: {
                apiVersion: 'client.authentication.k8s.io/v1',
                command: process.execPath,
                args: [
                  '-p',
                  `JSON.stringify({ status: { token: fs.readFileSync(${JSON.stringify(
                    printed,
                  )}, 'utf8') } })`,
                ],
              },
            },
          },
        ],
      }),
    });
    const kubeconfig = { file: folder.resolve('kubeconfig') };
    const service = await start(withClusters(), { kubeconfig });
    const used = () => cluster.server.requests.at(-1)?.headers.authorization;
    const list = (name: string) =>
      service
        .cluster(name)
        .list({ apiVersion: 'v1', kind: 'ConfigMap' })
        .then(used);
    await expect(list('token')).resolves.toBe('Bearer a-token');
    await expect(list('command')).resolves.toBe('Bearer token-one');
    folder.addContent({ printed: 'token-two' });
    await expect(list('command')).resolves.toBe('Bearer token-one');
    // When the old one is refused, the command is asked again.
    cluster.fault = ({ headers }) =>
      headers.authorization === 'Bearer token-one'
        ? { status: 401 }
        : undefined;
    await expect(list('command')).resolves.toBe('Bearer token-two');

    for (const [wrong, message] of [
      [{ file: folder.resolve('none') }, "kubeconfig.file': cannot read"],
      [{ ...kubeconfig, contexts: ['x'] }, "there is no context 'x'"],
    ] as const) {
      await expect(
        start(withClusters(), { kubeconfig: wrong }),
      ).rejects.toThrow(message);
    }
    await expect(
      start(withClusters({ ...CLUSTER, name: 'token' }), { kubeconfig }),
    ).rejects.toThrow("the cluster 'token' is there twice");
    await Promise.all(service.clusters.map(client => client.close()));
    await cluster.stop();
  });

  it('reads a token that somebody else keeps current', async () => {
    const folder = createMockDirectory({ content: { token: 'token-one\n' } });
    const authorization = readTokenFile(folder.resolve('token'));
    await expect(authorization()).resolves.toEqual({
      Authorization: 'Bearer token-one',
    });
    folder.setContent({ token: 'token-two\n' });
    await expect(authorization()).resolves.toEqual({
      Authorization: 'Bearer token-one',
    });
    await expect(
      authorization({ authorization: 'Bearer token-one' }),
    ).resolves.toEqual({ Authorization: 'Bearer token-two' });
  });
});
