import type { KubernetesObject } from '../KubernetesCluster';
import { StatusError } from '../StatusError';
import { Availability } from './Availability';
import { removeCondition, setCondition } from './conditions';
import type { Controller, ControllerTools } from './Controller';
import { createPod } from './createPod';
import { matchesLabels } from './labelSelector';
import { objectKey, refOf, refTo } from './objectKey';
import { controllerKeys, listControlled } from './ownerReferences';
import { compareForDeletion, isActive, isReady } from './podState';
import { POD, REPLICA_SET } from './resourceTypes';
import { writeStatus } from './writeStatus';

const NAME = 'replicaset-controller';
const FIRST_RETRY = 1000;
const LAST_RETRY = 60_000;

/** Keeps as many pods as a ReplicaSet asks for. @internal */
export function createReplicaSetController(tools: ControllerTools): Controller {
  const { cluster } = tools;
  const availability = new Availability(tools.timers);
  const failures = new Map<string, number>();

  return {
    name: NAME,
    watches: [
      { type: REPLICA_SET, keys: ({ object }) => [objectKey(object)] },
      {
        type: POD,
        keys: ({ type, object }) => {
          if (type === 'DELETED') {
            availability.forget(object.metadata.uid!);
          }
          return controllerKeys(object, 'ReplicaSet');
        },
      },
    ],
    reconcile(key, queue) {
      const replicaSet = cluster.get(refOf(REPLICA_SET, key));
      if (!replicaSet || replicaSet.metadata.deletionTimestamp) {
        failures.delete(key);
        return;
      }
      const wanted: number = replicaSet.spec.replicas ?? 1;
      let pods = listControlled(cluster, POD, replicaSet).filter(isActive);
      let problem: { reason: string; message: string } | undefined;

      if (pods.length < wanted) {
        try {
          while (pods.length < wanted) {
            pods = [...pods, addPod(tools, replicaSet)];
          }
          failures.delete(key);
        } catch (error) {
          if (!(error instanceof StatusError)) {
            throw error;
          }
          problem = { reason: 'FailedCreate', message: error.message };
          const count = failures.get(key) ?? 0;
          failures.set(key, count + 1);
          queue.addAfter(key, Math.min(LAST_RETRY, FIRST_RETRY * 2 ** count));
        }
      } else if (pods.length > wanted) {
        const victims = [...pods]
          .sort(compareForDeletion)
          .slice(0, pods.length - wanted);
        for (const pod of victims) {
          cluster.delete(refTo(pod));
          cluster.recordEvent({
            regarding: replicaSet,
            type: 'Normal',
            reason: 'SuccessfulDelete',
            message: `Deleted pod: ${pod.metadata.name}`,
            component: NAME,
          });
        }
        pods = pods.filter(pod => !victims.includes(pod));
      }

      const minReady: number = replicaSet.spec.minReadySeconds ?? 0;
      writeStatus(cluster, replicaSet, {
        replicas: pods.length,
        ...countOf('fullyLabeledReplicas', pods, pod =>
          matchesLabels(
            replicaSet.spec.template.metadata?.labels,
            pod.metadata.labels,
          ),
        ),
        ...countOf('readyReplicas', pods, isReady),
        ...countOf('availableReplicas', pods, pod =>
          availability.isAvailable(pod, minReady, () => queue.add(key)),
        ),
        observedGeneration: replicaSet.metadata.generation,
        ...conditionsOf(replicaSet, problem),
      });
    },
  };
}

function addPod(
  { cluster }: ControllerTools,
  replicaSet: KubernetesObject,
): KubernetesObject {
  try {
    const pod = createPod(cluster, replicaSet, {
      template: replicaSet.spec.template,
    });
    cluster.recordEvent({
      regarding: replicaSet,
      type: 'Normal',
      reason: 'SuccessfulCreate',
      message: `Created pod: ${pod.metadata.name}`,
      component: NAME,
    });
    return pod;
  } catch (error) {
    cluster.recordEvent({
      regarding: replicaSet,
      type: 'Warning',
      reason: 'FailedCreate',
      message: `Error creating: ${(error as Error).message}`,
      component: NAME,
    });
    throw error;
  }
}

/** The API leaves counts of zero out. */
function countOf(
  field: string,
  pods: readonly KubernetesObject[],
  test: (pod: KubernetesObject) => boolean,
): object {
  const count = pods.filter(test).length;
  return count > 0 ? { [field]: count } : {};
}

function conditionsOf(
  replicaSet: KubernetesObject,
  problem: { reason: string; message: string } | undefined,
) {
  const current = replicaSet.status?.conditions;
  const conditions = problem
    ? setCondition(current, {
        type: 'ReplicaFailure',
        status: 'True',
        ...problem,
      })
    : removeCondition(current, 'ReplicaFailure');
  return conditions.length > 0 ? { conditions } : {};
}
