import type { Person } from '../identity/people';
import type {
  KubernetesCluster,
  KubernetesObject,
} from '../kubernetes/KubernetesCluster';
import type { Platform } from '../Platform';
import { installBaseline } from '../policy/installBaseline';
import { ARGOCD_NAMESPACE, createArgoCdObjects } from './argoCdObjects';
import { createClusterObjects } from './clusterObjects';
import { ARGOCD_CLUSTER } from './environments';
import type { SeedService } from './readServices';
import { repositoryUrl, seedForge } from './seedForge';
import { seedDrift } from './seedProblems';
import { seedVault } from './seedVault';

/** Who seeds, in the managed fields of objects. */
const FIELD_MANAGER = 'sandbox-seed';

/** Makes the example organisation in all systems. What is there stays as it is. */
export async function seedPlatform(options: {
  readonly platform: Platform;
  readonly services: readonly SeedService[];
  readonly people: readonly Person[];
}): Promise<void> {
  const { platform, services, people } = options;
  const { clusters, context, forge, vault } = platform;
  const home = clusters.get(ARGOCD_CLUSTER)!;
  if (services.length === 0) {
    return;
  }
  const isNew = !home.get({
    apiVersion: 'v1',
    kind: 'Namespace',
    name: ARGOCD_NAMESPACE,
  });
  const commits = await seedForge({ context, forge, services, people });
  await Promise.all([...clusters.values()].map(installBaseline));
  for (const [name, cluster] of clusters) {
    createMissing(cluster, createClusterObjects(name, services));
  }
  seedVault({ context, vault, services });
  createMissing(
    home,
    createArgoCdObjects(
      services,
      service => repositoryUrl(forge, service.name),
      commits,
    ),
  );
  if (isNew) {
    seedDrift({ context, home, production: clusters.get('prod')! });
  }
}

function createMissing(
  cluster: KubernetesCluster,
  objects: readonly KubernetesObject[],
) {
  for (const object of objects) {
    const { apiVersion, kind, metadata } = object;
    const { namespace, name } = metadata;
    if (!cluster.get({ apiVersion, kind, namespace, name: name! })) {
      cluster.create(object, { fieldManager: FIELD_MANAGER });
    }
  }
}
