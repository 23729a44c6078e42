import type { KubernetesObject } from '../KubernetesCluster';
import type { Condition } from './conditions';
import { removeCondition, setCondition } from './conditions';
import { formatSelector } from './labelSelector';
import { templateHash } from './templateHash';

const REVISION = 'rollout.argoproj.io/revision';

/**
 * Where a Rollout is.
 *
 * @internal
 */
export interface RolloutProgress {
  /** The hash of the present template. */
  readonly hash: string;
  /** The hash of the version that serves when all else fails; undefined before there is one. */
  readonly stable: string | undefined;
  readonly step: number;
  readonly steps: number;
  readonly abort: boolean;
  readonly abortedAt?: string;
  readonly promoteFull?: boolean;
  readonly pause:
    | { readonly reason: string; readonly startTime: string }
    | undefined;
  /** The share of the present version, in percent. */
  readonly weight: number;
  restartedAt?: string;
}

/** The status of a Rollout, as Argo Rollouts writes it. @internal */
export function rolloutStatus(
  rollout: KubernetesObject,
  replicaSets: readonly KubernetesObject[],
  progress: RolloutProgress,
): object {
  const desired: number = rollout.spec.replicas ?? 1;
  const sum = (field: string) =>
    replicaSets.reduce((all, { status }) => all + (status?.[field] ?? 0), 0);
  const of = (hash: string | undefined) =>
    replicaSets.find(
      ({ metadata }) =>
        metadata.labels?.['rollouts-pod-template-hash'] === hash,
    );
  const current = of(progress.hash);
  const updated: number = current?.status?.replicas ?? 0;
  const available = sum('availableReplicas');
  const replicas = sum('replicas');
  const promoted = progress.stable === progress.hash;
  const complete =
    promoted &&
    available >= desired &&
    replicas === desired &&
    updated === desired;
  const { phase, message } = phaseOf(rollout, progress, complete);

  return {
    ...(progress.abort && { abort: true, abortedAt: progress.abortedAt }),
    ...(progress.promoteFull && { promoteFull: true }),
    ...(progress.pause && {
      controllerPause: true,
      pauseConditions: [progress.pause],
    }),
    HPAReplicas: replicas,
    availableReplicas: available,
    blueGreen: {},
    canary: {
      weights: {
        canary: {
          podTemplateHash: progress.hash,
          weight: promoted ? 0 : progress.weight,
        },
        stable: {
          podTemplateHash: progress.stable ?? '',
          weight: promoted ? 100 : 100 - progress.weight,
        },
      },
    },
    conditions: conditionsOf(rollout, progress, {
      complete,
      available,
      desired,
    }),
    currentPodHash: progress.hash,
    ...(progress.steps > 0 && {
      currentStepHash: templateHash(rollout.spec.strategy?.canary?.steps),
      currentStepIndex: progress.step,
    }),
    ...(message && { message }),
    observedGeneration: String(rollout.metadata.generation),
    phase,
    readyReplicas: sum('readyReplicas'),
    replicas,
    ...(progress.restartedAt && { restartedAt: progress.restartedAt }),
    selector: formatSelector(rollout.spec.selector),
    ...(progress.stable && { stableRS: progress.stable }),
    updatedReplicas: updated,
  };
}

function phaseOf(
  { metadata, spec }: KubernetesObject,
  progress: RolloutProgress,
  complete: boolean,
): { phase: string; message?: string } {
  if (progress.abort) {
    const revision = metadata.annotations?.[REVISION];
    return {
      phase: 'Degraded',
      message: `RolloutAborted: Rollout aborted update to revision ${revision}`,
    };
  }
  if (progress.pause || spec.paused) {
    return {
      phase: 'Paused',
      message: progress.pause?.reason ?? 'manually paused',
    };
  }
  return complete
    ? { phase: 'Healthy' }
    : {
        phase: 'Progressing',
        message: 'more replicas need to be updated',
      };
}

function conditionsOf(
  rollout: KubernetesObject,
  progress: RolloutProgress,
  state: { complete: boolean; available: number; desired: number },
): Condition[] {
  const { complete } = state;
  const name = `${rollout.metadata.name}-${progress.hash}`;
  const options = { updateTime: true };
  const enough = state.available >= state.desired;
  let conditions = setCondition(
    rollout.status?.conditions,
    {
      type: 'Available',
      status: enough ? 'True' : 'False',
      reason: 'AvailableReason',
      message: enough
        ? 'Rollout has minimum availability'
        : 'Rollout does not have minimum availability',
    },
    options,
  );
  const paused = progress.pause !== undefined;
  conditions = setCondition(
    conditions,
    progressing(progress, name, complete),
    options,
  );
  conditions = paused
    ? setCondition(
        conditions,
        {
          type: 'Paused',
          status: 'True',
          reason: 'RolloutPaused',
          message: 'Rollout is paused',
        },
        options,
      )
    : removeCondition(conditions, 'Paused');
  conditions = setCondition(
    conditions,
    {
      type: 'Healthy',
      status: complete ? 'True' : 'False',
      reason: complete ? 'RolloutHealthy' : 'RolloutNotHealthy',
      message: complete ? 'Rollout is healthy' : 'Rollout is not healthy',
    },
    options,
  );
  const revision = rollout.metadata.annotations?.[REVISION];
  const what = `update to revision ${revision} with hash: ${progress.hash}`;
  return setCondition(
    conditions,
    {
      type: 'Completed',
      status: complete ? 'True' : 'False',
      reason: complete ? 'RolloutCompleted' : 'RolloutNotCompleted',
      message: complete
        ? `Rollout completed ${what}`
        : `Rollout not completed, started ${what}`,
    },
    options,
  );
}

function progressing(
  { abort, pause }: RolloutProgress,
  name: string,
  complete: boolean,
): Condition {
  const type = 'Progressing';
  if (abort) {
    return {
      type,
      status: 'False',
      reason: 'RolloutAborted',
      message: 'Rollout aborted update',
    };
  }
  if (pause) {
    return {
      type,
      status: 'Unknown',
      reason: 'RolloutPaused',
      message: 'Rollout is paused',
    };
  }
  return complete
    ? {
        type,
        status: 'True',
        reason: 'NewReplicaSetAvailable',
        message: `ReplicaSet "${name}" has successfully progressed.`,
      }
    : {
        type,
        status: 'True',
        reason: 'ReplicaSetUpdated',
        message: `ReplicaSet "${name}" is progressing.`,
      };
}
