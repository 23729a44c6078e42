import type { Person } from '../identity/people';
import type { Platform } from '../Platform';
import { createClusterObjects } from './clusterObjects';
import type { SeedService } from './readServices';
import { seedForge } from './seedForge';

/** Who seeds, in the managed fields of objects. */
const FIELD_MANAGER = 'sandbox-seed';

/** Makes the example organisation in all systems. What is there stays as it is. */
export async function seedPlatform(options: {
  readonly platform: Platform;
  readonly services: readonly SeedService[];
  readonly people: readonly Person[];
}): Promise<void> {
  const { platform, services, people } = options;
  const { clusters, context, forge } = platform;
  await seedForge({ context, forge, services, people });
  for (const [name, cluster] of clusters) {
    for (const object of createClusterObjects(name, services)) {
      const { namespace, name: objectName } = object.metadata;
      if (!cluster.get({ ...object, namespace, name: objectName! })) {
        cluster.create(object, { fieldManager: FIELD_MANAGER });
      }
    }
  }
}
