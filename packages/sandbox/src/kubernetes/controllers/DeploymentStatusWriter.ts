import type { KubernetesObject } from '../KubernetesCluster';
import type { Condition } from './conditions';
import {
  findCondition,
  removeCondition,
  setCondition,
  timestamp,
} from './conditions';
import type { ControllerTools } from './Controller';
import { findNewReplicaSet } from './deploymentRevisions';
import { objectKey } from './objectKey';
import { resolveBounds } from './rollingUpdate';
import { writeStatus } from './writeStatus';

/**
 * Writes a Deployment's status: counts, and the conditions Available, Progressing and ReplicaFailure.
 *
 * @internal
 */
export class DeploymentStatusWriter {
  readonly #tools: ControllerTools;
  /** The key and the update time of the progress whose deadline has passed. */
  readonly #late = new Map<string, string>();
  /** The key and the update time of the progress that is watched. */
  readonly #watched = new Map<string, string>();

  constructor(tools: ControllerTools) {
    this.#tools = tools;
  }

  forget(key: string): void {
    this.#late.delete(key);
    this.#watched.delete(key);
    this.#tools.timers.cancel(`deadline ${key}`);
  }

  write(
    deployment: KubernetesObject,
    replicaSets: readonly KubernetesObject[],
    onDeadline: () => void,
  ): void {
    const current = findNewReplicaSet(deployment, replicaSets);
    const counts = countAll(deployment, replicaSets, current);
    const conditions = this.#conditions(
      deployment,
      replicaSets,
      current,
      counts,
    );
    const key = objectKey(deployment);
    writeStatus(this.#tools.cluster, deployment, {
      observedGeneration: deployment.metadata.generation,
      ...withoutZeros(counts),
      ...(deployment.status?.collisionCount !== undefined && {
        collisionCount: deployment.status.collisionCount,
      }),
      conditions,
    });
    this.#watchDeadline(key, deployment, conditions, onDeadline);
  }

  #conditions(
    deployment: KubernetesObject,
    replicaSets: readonly KubernetesObject[],
    current: KubernetesObject | undefined,
    counts: Counts,
  ): Condition[] {
    const desired: number = deployment.spec.replicas ?? 1;
    const { maxUnavailable } = resolveBounds(deployment.spec.strategy, desired);
    const enough = counts.availableReplicas >= desired - maxUnavailable;
    let conditions = setCondition(
      deployment.status?.conditions,
      enough
        ? {
            type: 'Available',
            status: 'True',
            reason: 'MinimumReplicasAvailable',
            message: 'Deployment has minimum availability.',
          }
        : {
            type: 'Available',
            status: 'False',
            reason: 'MinimumReplicasUnavailable',
            message: 'Deployment does not have minimum availability.',
          },
      { updateTime: true },
    );
    const failure = replicaSets
      .filter(({ spec }) => spec.replicas > 0)
      .map(({ status }) => findCondition(status?.conditions, 'ReplicaFailure'))
      .find(Boolean);
    conditions = failure
      ? setCondition(
          conditions,
          {
            type: 'ReplicaFailure',
            status: 'True',
            reason: failure.reason,
            message: failure.message,
          },
          { updateTime: true },
        )
      : removeCondition(conditions, 'ReplicaFailure');

    const progress = this.#progress(deployment, current, counts);
    return progress
      ? setProgress(conditions, progress, madeProgress(deployment, counts))
      : conditions;
  }

  #progress(
    deployment: KubernetesObject,
    current: KubernetesObject | undefined,
    counts: Counts,
  ): Condition | undefined {
    const previous = findCondition(
      deployment.status?.conditions,
      'Progressing',
    );
    if (deployment.spec.paused) {
      return {
        type: 'Progressing',
        status: 'Unknown',
        reason: 'DeploymentPaused',
        message: 'Deployment is paused',
      };
    }
    if (!current) {
      return previous;
    }
    const { name } = current.metadata;
    const desired: number = deployment.spec.replicas ?? 1;
    if (
      counts.updatedReplicas === desired &&
      counts.replicas === desired &&
      counts.availableReplicas === desired
    ) {
      return {
        type: 'Progressing',
        status: 'True',
        reason: 'NewReplicaSetAvailable',
        message: `ReplicaSet "${name}" has successfully progressed.`,
      };
    }
    if (
      previous?.reason === 'NewReplicaSetAvailable' &&
      previous.message?.includes(`"${name}"`) &&
      counts.replicas === counts.updatedReplicas
    ) {
      // Once complete, pods that fail later are not the rollout's business.
      return previous;
    }
    if (
      !previous?.message?.includes(`"${name}"`) ||
      previous.reason === 'DeploymentPaused'
    ) {
      return {
        type: 'Progressing',
        status: 'True',
        reason: 'NewReplicaSetCreated',
        message: `Created new replica set "${name}"`,
      };
    }
    if (madeProgress(deployment, counts)) {
      return {
        type: 'Progressing',
        status: 'True',
        reason: 'ReplicaSetUpdated',
        message: `ReplicaSet "${name}" is progressing.`,
      };
    }
    if (this.#late.get(objectKey(deployment)) === previous.lastUpdateTime) {
      return {
        type: 'Progressing',
        status: 'False',
        reason: 'ProgressDeadlineExceeded',
        message: `ReplicaSet "${name}" has timed out progressing.`,
      };
    }
    return previous;
  }

  /** Comes back when the time for the rollout is over, unless there was progress by then. */
  #watchDeadline(
    key: string,
    deployment: KubernetesObject,
    conditions: readonly Condition[],
    onDeadline: () => void,
  ) {
    const progress = findCondition(conditions, 'Progressing');
    const rolling =
      progress?.status === 'True' &&
      progress.reason !== 'NewReplicaSetAvailable';
    if (!rolling) {
      this.forget(key);
      return;
    }
    const since = progress.lastUpdateTime!;
    if (this.#watched.get(key) === since) {
      return;
    }
    this.#watched.set(key, since);
    const seconds: number = deployment.spec.progressDeadlineSeconds ?? 600;
    this.#tools.timers.set(`deadline ${key}`, seconds * 1000, () => {
      this.#late.set(key, since);
      onDeadline();
    });
  }
}

interface Counts {
  readonly replicas: number;
  readonly updatedReplicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
  readonly unavailableReplicas: number;
}

function countAll(
  deployment: KubernetesObject,
  replicaSets: readonly KubernetesObject[],
  current: KubernetesObject | undefined,
): Counts {
  const sum = (field: string) =>
    replicaSets.reduce((all, { status }) => all + (status?.[field] ?? 0), 0);
  const asked = replicaSets.reduce((all, { spec }) => all + spec.replicas, 0);
  const available = sum('availableReplicas');
  return {
    replicas: sum('replicas'),
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: sum('readyReplicas'),
    availableReplicas: available,
    unavailableReplicas: Math.max(
      0,
      Math.max(asked, deployment.spec.replicas ?? 1) - available,
    ),
  };
}

function withoutZeros(counts: Counts): object {
  return Object.fromEntries(
    Object.entries(counts).filter(([, count]) => count > 0),
  );
}

function madeProgress({ status }: KubernetesObject, counts: Counts): boolean {
  const old = (value: { replicas?: number; updatedReplicas?: number }) =>
    (value.replicas ?? 0) - (value.updatedReplicas ?? 0);
  return (
    counts.updatedReplicas > (status?.updatedReplicas ?? 0) ||
    old(counts) < old(status ?? {}) ||
    counts.readyReplicas > (status?.readyReplicas ?? 0) ||
    counts.availableReplicas > (status?.availableReplicas ?? 0)
  );
}

/** Progress renews the update time even where the words stay the same. */
function setProgress(
  conditions: readonly Condition[],
  progress: Condition,
  renew: boolean,
): Condition[] {
  const next = setCondition(conditions, progress, { updateTime: true });
  if (!renew || progress.reason === 'NewReplicaSetAvailable') {
    return next;
  }
  const now = timestamp();
  return next.map(condition =>
    condition.type === 'Progressing'
      ? { ...condition, lastUpdateTime: now }
      : condition,
  );
}
