import type { Controller, ControllerTools } from './Controller';
import { objectKey, refOf } from './objectKey';
import { controllerKeys } from './ownerReferences';
import { REPLICA_SET, ROLLOUT } from './resourceTypes';
import { RolloutSync } from './RolloutSync';

/**
 * Argo Rollouts' canary strategy: weights by numbers of pods, pauses, promotion and abortion through the status.
 * Analyses and experiments count as passed, and a blue-green rollout is rolled out without steps.
 *
 * @internal
 */
export function createRolloutController(tools: ControllerTools): Controller {
  const { cluster } = tools;
  const pausesOver = new Set<string>();
  return {
    name: 'rollouts-controller',
    watches: [
      { type: ROLLOUT, keys: ({ object }) => [objectKey(object)] },
      {
        type: REPLICA_SET,
        keys: ({ object }) => controllerKeys(object, 'Rollout'),
      },
    ],
    reconcile(key, queue) {
      const rollout = cluster.get(refOf(ROLLOUT, key));
      if (
        rollout &&
        !rollout.metadata.deletionTimestamp &&
        rollout.spec.template &&
        rollout.spec.selector
      ) {
        new RolloutSync(tools, rollout, key, queue, pausesOver).run();
      }
    },
  };
}
