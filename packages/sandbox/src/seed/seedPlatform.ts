import { join } from 'node:path';
import type { Person } from '../identity/people';
import type {
  KubernetesCluster,
  KubernetesObject,
} from '../kubernetes/KubernetesCluster';
import type { Platform } from '../Platform';
import { readCrossplaneExamples } from '../crossplane/readExamples';
import { installBaseline } from '../policy/installBaseline';
import { readKustomization } from '../policy/readKustomization';
import { createArgoCdObjects } from './argoCdObjects';
import { createClusterObjects } from './clusterObjects';
import { createDatabaseObjects } from './databaseObjects';
import { ARGOCD_CLUSTER } from './environments';
import type { SeedService } from './readServices';
import { repositoryUrl, seedForge } from './seedForge';
import { seedDrift } from './seedProblems';
import type { SeedProgress } from './SeedProgress';
import { createUnregistered, isOfUnregistered } from './unregistered';
import { seedVault } from './seedVault';

/** Who seeds, in the managed fields of objects. */
const FIELD_MANAGER = 'sandbox-seed';

// The sandbox always runs from its sources.
// eslint-disable-next-line no-restricted-syntax
const PORTAL_RIGHTS = join(__dirname, '../../../../platform/kubernetes');

/** How long a new platform takes to be filled, on a slow machine. */
const QUICK_START_MS = 15_000;

/** Makes the example organisation in all systems. What is there stays as it is. */
export async function seedPlatform(options: {
  readonly platform: Platform;
  readonly components: readonly SeedService[];
  readonly people: readonly Person[];
  readonly progress: SeedProgress;
  /** Told once the forge has all repositories. */
  onForgeEnd(): void;
}): Promise<void> {
  const { components, onForgeEnd, people, platform, progress } = options;
  const services = components.filter(component => component.runs);
  const { clusters, context, controllers, forge, vault } = platform;
  const home = clusters.get(ARGOCD_CLUSTER)!;
  if (components.length === 0) {
    onForgeEnd();
    return;
  }
  if (progress.isNew) {
    progress.reach('begun');
  }
  const unregistered = createUnregistered(services);
  const commits = await seedForge({
    context,
    forge,
    services: [...components, ...unregistered],
    people,
  });
  onForgeEnd();
  await Promise.all([...clusters.values()].map(installBaseline));
  const ofThePlatform = [
    ...readKustomization(PORTAL_RIGHTS),
    ...readCrossplaneExamples(),
  ];
  for (const [name, cluster] of clusters) {
    // As kubectl apply does at each release of the platform.
    ofThePlatform.forEach(object =>
      cluster.apply(object, { fieldManager: FIELD_MANAGER, force: true }),
    );
    createMissing(cluster, createClusterObjects(name, services));
  }
  seedVault({ context, vault, services });
  const argoCdObjects = (of: readonly SeedService[]) =>
    createArgoCdObjects(
      of,
      service => repositoryUrl(forge, service.name),
      commits,
    );
  createMissing(home, argoCdObjects(services));
  createMissing(home, argoCdObjects(unregistered).filter(isOfUnregistered));
  await orderDatabases(platform, services);
  if (!progress.isComplete) {
    progress.reach('made');
    seedDrift({
      context,
      home,
      production: clusters.get('prod')!,
      onEnd: () => progress.reach('complete'),
    });
    // What is said to have run for weeks does not have to start one by one.
    controllers.forEach(each => each.setQuickStart(true));
    setTimeout(
      () => controllers.forEach(each => each.setQuickStart(false)),
      QUICK_START_MS,
    ).unref();
  }
}

/** Databases can be ordered as soon as their kind is served. */
async function orderDatabases(
  { clusters, context }: Platform,
  services: readonly SeedService[],
): Promise<void> {
  for (const [name, cluster] of clusters) {
    const objects = createDatabaseObjects(name, services);
    while (!objects.every(object => cluster.serves(object))) {
      await context.delay(20);
    }
    createMissing(cluster, objects);
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
