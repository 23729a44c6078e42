import type { KubernetesObject } from '../kubernetes/KubernetesCluster';
import { ENVIRONMENTS, namespaceOf } from './environments';
import { DATABASES } from './manifests';
import type { SeedService } from './readServices';

/**
 * The databases that the services of a cluster need, as somebody has ordered them: one instance for each namespace
 * that uses it.
 */
export function createDatabaseObjects(
  cluster: string,
  services: readonly SeedService[],
): KubernetesObject[] {
  const wanted = new Map<
    string,
    { system: string; name: string; owner: string }
  >();
  for (const { system, resources, owner } of services) {
    for (const name of resources.filter(each => DATABASES.includes(each))) {
      const key = `${system}/${name}`;
      wanted.set(key, wanted.get(key) ?? { system, name, owner });
    }
  }
  return ENVIRONMENTS.filter(
    environment => environment.cluster === cluster,
  ).flatMap(({ name: environment }) =>
    [...wanted.values()].map(({ system, name, owner }) => ({
      apiVersion: 'platform.waystone.dev/v1alpha1',
      kind: 'PostgreSQLInstance',
      metadata: {
        name,
        namespace: namespaceOf(system, environment),
        labels: {
          'app.kubernetes.io/name': name,
          'app.kubernetes.io/part-of': system,
          'backstage.io/kubernetes-id': name,
          environment,
          owner,
          'cost-center': `cc-${owner}`,
        },
      },
      spec:
        environment === 'production'
          ? {
              version: '16',
              size: 'medium',
              storageGB: 100,
              highAvailability: true,
            }
          : { version: '16', size: 'small' },
    })),
  );
}
