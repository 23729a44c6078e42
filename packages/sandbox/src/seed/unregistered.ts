import type { KubernetesObject } from '../kubernetes/KubernetesCluster';
import type { SeedService } from './readServices';

/** The environment in which it runs. */
const ENVIRONMENT = 'staging';

/**
 * A service that somebody deployed and nobody registered: it has a repository, and runs in staging.
 *
 * @returns nothing if the organisation has not the system that it belongs to
 */
export function createUnregistered(
  services: readonly SeedService[],
): readonly SeedService[] {
  const neighbour = services.find(({ name }) => name === 'order-service');
  return neighbour
    ? [
        {
          name: 'order-exports',
          title: 'Writes the orders of the day as files for the warehouse.',
          owner: neighbour.owner,
          system: neighbour.system,
          type: 'service',
          lifecycle: 'experimental',
          tier: 3,
          tags: ['go'],
          resources: [],
          runs: true,
          files: {},
        },
      ]
    : [];
}

/** Whether Argo CD has an object of it; the project is there already. */
export function isOfUnregistered({ kind, metadata }: KubernetesObject) {
  return kind === 'Application' && metadata.labels?.environment === ENVIRONMENT;
}
