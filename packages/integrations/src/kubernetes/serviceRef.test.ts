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

  async function start(kubernetes: object, impersonation?: object) {
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
            ...(impersonation && {
              waystone: {
                integrations: { kubernetes: { impersonation } },
              },
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
      users: ['oidc:*'],
      groups: ['oidc:developers'],
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
      start(withClusters(CLUSTER), { groups: ['system:masters'] }),
    ).rejects.toThrow('the portal never acts for');
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
