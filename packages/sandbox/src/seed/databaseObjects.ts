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
  const wanted = new Map<string, { system: string; name: string }>();
  for (const { system, resources } of services) {
    for (const name of resources.filter(each => DATABASES.includes(each))) {
      wanted.set(`${system}/${name}`, { system, name });
    }
  }
  return ENVIRONMENTS.filter(
    environment => environment.cluster === cluster,
  ).flatMap(({ name: environment }) =>
    [...wanted.values()].map(({ system, name }) => ({
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
