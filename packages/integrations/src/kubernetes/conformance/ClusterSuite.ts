import { randomBytes } from 'node:crypto';
import type { KubernetesClient } from '../Client';
import type { KubernetesManifest } from '../types';

export const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap' };
export const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment' };

/** Where the suite runs. */
export interface ClusterUnderTest {
  /** A client with all permissions, or with another token. */
  create(given?: { token: string }): Promise<KubernetesClient>;
  /** Whether Deployments get pods with logs. */
  readonly runsPods: boolean;
}

/** What the tests of one run share. */
export interface ClusterSuite extends ClusterUnderTest {
  /** Different in each run. */
  readonly run: string;
  /** Theirs alone. */
  readonly namespace: string;
  /** With all permissions; there once the tests run. */
  readonly client: KubernetesClient;
  configMap(
    name: string,
    data?: Record<string, string>,
    labels?: Record<string, string>,
  ): KubernetesManifest;
  deployment(name: string, replicas: number): KubernetesManifest;
  /** The address of a ConfigMap. */
  ref(name: string): {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
  };
}

/** Makes a namespace before all tests and deletes it after them. */
export function createClusterSuite(cluster: ClusterUnderTest): ClusterSuite {
  const run = randomBytes(4).toString('hex');
  const namespace = `conformance-${run}`;
  let client: KubernetesClient;

  const configMap = (
    name: string,
    data: Record<string, string> = {},
    labels: Record<string, string> = {},
  ) =>
    ({
      ...CONFIG_MAP,
      metadata: {
        name,
        namespace,
        // An empty map would be a field that somebody owns.
        ...(Object.keys(labels).length > 0 && { labels }),
      },
      data,
    } satisfies KubernetesManifest);
  const ref = (name: string) => ({ ...CONFIG_MAP, namespace, name });
  const deployment = (name: string, replicas: number) =>
    ({
      ...DEPLOYMENT,
      metadata: { name, namespace, labels: { app: name } },
      spec: {
        replicas,
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name } },
          spec: {
            containers: [
              {
                name: 'main',
                image: 'docker.io/library/busybox:1.36',
                command: ['sh', '-c', 'while true; do date; sleep 1; done'],
                resources: {
                  requests: { cpu: '10m', memory: '16Mi' },
                  limits: { cpu: '100m', memory: '64Mi' },
                },
              },
            ],
          },
        },
      },
    } satisfies KubernetesManifest);

  beforeAll(async () => {
    client = await cluster.create();
    await client.apply({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace },
    });
  });

  afterAll(async () => {
    await client?.delete({
      apiVersion: 'v1',
      kind: 'Namespace',
      name: namespace,
    });
    await client?.close();
  });

  return {
    ...cluster,
    run,
    namespace,
    get client() {
      return client;
    },
    configMap,
    deployment,
    ref,
  };
}

export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('It should have failed');
    },
    error => error,
  );
}
