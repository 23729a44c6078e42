import type {
  Controller,
  ControllerQueue,
  ControllerTools,
} from '../../kubernetes/controllers/Controller';
import { objectKey, refOf } from '../../kubernetes/controllers/objectKey';
import { Pauses } from '../Pauses';
import type { PostgresProvisioner } from './PostgresProvisioner';
import { OPERATOR, PostgresReconcile } from './PostgresReconcile';
import { POSTGRES_CLUSTER } from './postgresTypes';

/** Gives each Cluster of CloudNativePG a real database with a role of its own. */
export function createPostgresController(
  { cluster, timers }: ControllerTools,
  provisioner: PostgresProvisioner,
): Controller {
  const pauses = new Pauses(timers);
  const reconcile = (key: string, queue: ControllerQueue) => {
    const object = cluster.get(refOf(POSTGRES_CLUSTER, key));
    if (!object) {
      return;
    }
    new PostgresReconcile({
      cluster,
      provisioner,
      pauses,
      object,
      key,
      queue,
    }).run();
  };
  return {
    name: OPERATOR,
    watches: [
      { type: POSTGRES_CLUSTER, keys: ({ object }) => [objectKey(object)] },
      {
        // Whoever deletes the Secret gets another one.
        type: { apiVersion: 'v1', kind: 'Secret' },
        keys: ({ object: { metadata } }) => {
          const name = metadata.labels?.['cnpg.io/cluster'];
          return name ? [`${metadata.namespace}/${name}`] : [];
        },
      },
    ],
    reconcile,
  };
}
