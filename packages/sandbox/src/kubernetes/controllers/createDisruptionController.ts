import type { KubernetesObject } from '../KubernetesCluster';
import { setCondition } from './conditions';
import type { Controller, ControllerTools } from './Controller';
import { matchesSelector } from './labelSelector';
import { objectKey, refOf } from './objectKey';
import { isActive, isReady } from './podState';
import { POD, POD_DISRUPTION_BUDGET } from './resourceTypes';
import { resolveShare } from './rollingUpdate';
import { writeStatus } from './writeStatus';

/** Says in each PodDisruptionBudget how many pods may be disrupted now. @internal */
export function createDisruptionController(tools: ControllerTools): Controller {
  const { cluster } = tools;
  return {
    name: 'disruption-controller',
    watches: [
      {
        type: POD_DISRUPTION_BUDGET,
        keys: ({ object }) => [objectKey(object)],
      },
      {
        type: POD,
        keys: ({ object, previous, type }) =>
          type === 'MODIFIED' &&
          previous &&
          isReady(object) === isReady(previous)
            ? []
            : cluster
                .list(POD_DISRUPTION_BUDGET, {
                  namespace: object.metadata.namespace,
                })
                .filter(budget =>
                  matchesSelector(budget.spec.selector, object.metadata.labels),
                )
                .map(objectKey),
      },
    ],
    reconcile(key) {
      const budget = cluster.get(refOf(POD_DISRUPTION_BUDGET, key));
      if (!budget || budget.metadata.deletionTimestamp) {
        return;
      }
      const pods = cluster
        .list(POD, { namespace: budget.metadata.namespace })
        .filter(
          pod =>
            isActive(pod) &&
            matchesSelector(budget.spec.selector, pod.metadata.labels),
        );
      const expected = pods.length;
      const desired = desiredHealthy(budget, expected);
      const healthy = pods.filter(isReady).length;
      const allowed = Math.max(0, healthy - desired);
      writeStatus(cluster, budget, {
        conditions: setCondition(budget.status?.conditions, {
          type: 'DisruptionAllowed',
          status: allowed > 0 ? 'True' : 'False',
          reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
          message: '',
          observedGeneration: budget.metadata.generation,
        }),
        currentHealthy: healthy,
        desiredHealthy: desired,
        disruptionsAllowed: allowed,
        expectedPods: expected,
        observedGeneration: budget.metadata.generation,
      });
    },
  };
}

function desiredHealthy({ spec }: KubernetesObject, expected: number): number {
  return spec.maxUnavailable === undefined
    ? resolveShare(spec.minAvailable ?? 1, expected, Math.ceil)
    : Math.max(
        0,
        expected - resolveShare(spec.maxUnavailable, expected, Math.ceil),
      );
}
