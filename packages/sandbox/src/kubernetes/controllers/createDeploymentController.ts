import type { Controller, ControllerTools } from './Controller';
import { DeploymentStatusWriter } from './DeploymentStatusWriter';
import { DeploymentSync } from './DeploymentSync';
import { objectKey, refOf } from './objectKey';
import { controllerKeys, listControlled } from './ownerReferences';
import { DEPLOYMENT, POD, REPLICA_SET } from './resourceTypes';

/** Rolls Deployments out by scaling one ReplicaSet for each version of their template. @internal */
export function createDeploymentController(tools: ControllerTools): Controller {
  const { cluster } = tools;
  const statusWriter = new DeploymentStatusWriter(tools);

  return {
    name: 'deployment-controller',
    watches: [
      { type: DEPLOYMENT, keys: ({ object }) => [objectKey(object)] },
      {
        type: REPLICA_SET,
        keys: ({ object }) => controllerKeys(object, 'Deployment'),
      },
      {
        // Recreate waits for the end of pods that their ReplicaSet no longer counts.
        type: POD,
        keys: ({ type, object }) => {
          const owner = object.metadata.ownerReferences?.[0];
          const hash = object.metadata.labels?.['pod-template-hash'];
          return type === 'DELETED' && owner?.kind === 'ReplicaSet' && hash
            ? [
                `${object.metadata.namespace}/${owner.name.slice(
                  0,
                  -hash.length - 1,
                )}`,
              ]
            : [];
        },
      },
    ],
    reconcile(key, queue) {
      const deployment = cluster.get(refOf(DEPLOYMENT, key));
      if (!deployment || deployment.metadata.deletionTimestamp) {
        statusWriter.forget(key);
        return;
      }
      new DeploymentSync(tools, deployment).run();
      const latest = cluster.get(refOf(DEPLOYMENT, key))!;
      statusWriter.write(
        latest,
        listControlled(cluster, REPLICA_SET, latest),
        () => queue.add(key),
      );
    },
  };
}
