import type { KubernetesObject } from '../KubernetesCluster';
import { timestamp } from './conditions';
import type { ControllerQueue, ControllerTools } from './Controller';
import { createReplicaSet } from './deploymentRevisions';
import { refTo } from './objectKey';
import { listControlled } from './ownerReferences';
import { isActive } from './podState';
import { POD, REPLICA_SET } from './resourceTypes';
import { planRollingUpdate, resolveBounds } from './rollingUpdate';
import type { RolloutProgress } from './rolloutStatus';
import { rolloutStatus } from './rolloutStatus';
import { templateHash } from './templateHash';
import { writeStatus } from './writeStatus';

const NAME = 'rollouts-controller';
const MANAGER = { fieldManager: NAME };
/** The label that Argo Rollouts puts in the place of `pod-template-hash`. */
const ROLLOUT_HASH = 'rollouts-pod-template-hash';
const ROLLOUT_REVISION = 'rollout.argoproj.io/revision';

interface Step {
  readonly setWeight?: number;
  readonly pause?: { readonly duration?: number | string };
}

/**
 * One pass over one Rollout.
 *
 * @internal
 */
export class RolloutSync {
  readonly #desired: number;
  readonly #steps: readonly Step[];
  readonly #hash: string;

  constructor(
    private readonly tools: ControllerTools,
    private readonly rollout: KubernetesObject,
    private readonly key: string,
    private readonly queue: ControllerQueue,
    /** Pauses whose time is over, by Rollout and start. */
    private readonly pausesOver: Set<string>,
  ) {
    this.#desired = rollout.spec.replicas ?? 1;
    this.#steps = rollout.spec.strategy?.canary?.steps ?? [];
    this.#hash = templateHash(rollout.spec.template);
  }

  run(): void {
    const current = this.#ensureCurrent();
    const all = this.#list();
    const others = all.filter(
      ({ metadata }) => metadata.uid !== current.metadata.uid,
    );
    const progress = this.#advance(current, others);
    this.#restart(progress);
    this.#forgetOld(progress);
    const { cluster } = this.tools;
    const latest = cluster.get(refTo(this.rollout))!;
    writeStatus(
      cluster,
      latest,
      rolloutStatus(latest, this.#list(), progress),
      NAME,
    );
  }

  get #status(): Record<string, any> {
    return this.rollout.status ?? {};
  }

  #list(): KubernetesObject[] {
    return listControlled(this.tools.cluster, REPLICA_SET, this.rollout).filter(
      ({ metadata }) => !metadata.deletionTimestamp,
    );
  }

  #ensureCurrent(): KubernetesObject {
    const { cluster } = this.tools;
    const all = this.#list();
    const existing = all.find(
      ({ metadata }) => metadata.labels?.[ROLLOUT_HASH] === this.#hash,
    );
    const others = all.filter(replicaSet => replicaSet !== existing);
    const revision = Math.max(0, ...others.map(revisionOf)) + 1;
    const current =
      existing ??
      createReplicaSet(cluster, this.rollout, {
        replicas: 0,
        annotations: { [ROLLOUT_REVISION]: String(revision) },
        hashLabel: ROLLOUT_HASH,
        fieldManager: NAME,
      });
    if (!existing) {
      this.#record(
        'NewReplicaSetCreated',
        `Created ReplicaSet ${current.metadata.name} (revision ${revision})`,
      );
    }
    const wanted = String(Math.max(revision, revisionOf(current)));
    for (const object of [current, this.rollout]) {
      if (object.metadata.annotations?.[ROLLOUT_REVISION] !== wanted) {
        cluster.patch(
          refTo(object),
          { metadata: { annotations: { [ROLLOUT_REVISION]: wanted } } },
          MANAGER,
        );
      }
    }
    return cluster.get(refTo(current))!;
  }

  #advance(
    current: KubernetesObject,
    others: readonly KubernetesObject[],
  ): RolloutProgress {
    const status = this.#status;
    const stable = others.find(
      ({ metadata }) => metadata.labels?.[ROLLOUT_HASH] === status.stableRS,
    );
    const base = {
      hash: this.#hash,
      steps: this.#steps.length,
      abort: false,
      pause: undefined,
    };
    if (!stable) {
      // The first version, or back to the stable one: nothing to be careful about.
      this.#roll(current, others);
      const complete = this.#isComplete(current);
      return {
        ...base,
        step: this.#steps.length,
        stable: complete ? this.#hash : status.stableRS,
        weight: 100,
      };
    }
    const isNew = status.currentPodHash !== this.#hash;
    if (isNew) {
      this.tools.timers.cancel(this.#pauseTimer);
    }
    if (status.abort && !isNew) {
      this.#resize(stable, this.#desired);
      if (available(stable) >= this.#desired) {
        this.#resize(current, 0);
      }
      return {
        ...base,
        step: 0,
        stable: status.stableRS,
        abort: true,
        abortedAt: status.abortedAt ?? timestamp(),
        weight: 0,
      };
    }
    const promote = status.promoteFull && !isNew;
    let step: number =
      isNew || status.abortedAt ? 0 : status.currentStepIndex ?? 0;
    if (promote) {
      step = this.#steps.length;
    }
    let controllerPause = !isNew && !!status.controllerPause;
    let pause = isNew ? undefined : status.pauseConditions?.[0];
    for (; step < this.#steps.length; step++) {
      const { setWeight, pause: wanted } = this.#steps[step];
      if (setWeight !== undefined && !this.#weigh(current, stable, setWeight)) {
        return {
          ...base,
          step,
          stable: status.stableRS,
          weight: this.#weightAt(step),
        };
      }
      if (wanted) {
        const isOver = controllerPause && (!pause || this.#isPauseOver(pause));
        if (!isOver) {
          pause ??= { reason: 'CanaryPauseStep', startTime: timestamp() };
          this.#watchPause(pause, wanted.duration);
          return {
            ...base,
            step,
            stable: status.stableRS,
            pause,
            weight: this.#weightAt(step),
          };
        }
        pause = undefined;
        controllerPause = false;
      }
      this.#record(
        'RolloutStepCompleted',
        `Rollout step ${step + 1}/${this.#steps.length} completed`,
      );
    }
    this.#roll(current, others);
    const complete = this.#isComplete(current);
    return {
      ...base,
      step,
      stable: complete ? this.#hash : status.stableRS,
      promoteFull: !!promote && !complete,
      weight: 100,
    };
  }

  /** The share of the last weight up to a step, in percent. */
  #weightAt(step: number): number {
    return this.#steps
      .slice(0, step + 1)
      .reduce((weight, { setWeight }) => setWeight ?? weight, 0);
  }

  /** Gives the canary its share of the pods. Tells whether it has it. */
  #weigh(
    canary: KubernetesObject,
    stable: KubernetesObject,
    weight: number,
  ): boolean {
    const wanted = Math.ceil((this.#desired * weight) / 100);
    this.#resize(canary, wanted);
    if (available(canary) < wanted) {
      return false;
    }
    this.#resize(stable, this.#desired - wanted);
    return true;
  }

  #roll(current: KubernetesObject, others: readonly KubernetesObject[]) {
    const active = others.filter(({ spec }) => spec.replicas > 0);
    const sizes = planRollingUpdate({
      desired: this.#desired,
      bounds: resolveBounds(
        { rollingUpdate: this.rollout.spec.strategy?.canary },
        this.#desired,
      ),
      current: sizeOf(current),
      old: active.map(sizeOf),
    });
    for (const replicaSet of [current, ...active]) {
      this.#resize(
        replicaSet,
        sizes[replicaSet.metadata.name!] ?? replicaSet.spec.replicas,
      );
    }
  }

  #isComplete({ spec, status }: KubernetesObject): boolean {
    return (
      spec.replicas === this.#desired &&
      (status?.availableReplicas ?? 0) >= this.#desired
    );
  }

  get #pauseTimer(): string {
    return `pause ${this.key}`;
  }

  #isPauseOver({ startTime }: { startTime: string }): boolean {
    return this.pausesOver.delete(`${this.key} ${startTime}`);
  }

  #watchPause(
    { startTime }: { startTime: string },
    duration: number | string | undefined,
  ) {
    const { timers } = this.tools;
    if (duration === undefined || timers.has(this.#pauseTimer)) {
      return;
    }
    timers.set(this.#pauseTimer, parseDuration(duration), () => {
      this.pausesOver.add(`${this.key} ${startTime}`);
      this.queue.add(this.key);
    });
  }

  /** Replaces the pods that are older than `spec.restartAt`, one after another. */
  #restart(progress: RolloutProgress) {
    const restartAt: string | undefined = this.rollout.spec.restartAt;
    if (!restartAt || this.#status.restartedAt === restartAt) {
      progress.restartedAt = this.#status.restartedAt;
      return;
    }
    const { cluster } = this.tools;
    const pods = this.#list().flatMap(replicaSet =>
      listControlled(cluster, POD, replicaSet).filter(isActive),
    );
    const old = pods.filter(
      ({ metadata }) => metadata.creationTimestamp! < restartAt,
    );
    const ready = this.#list().reduce((sum, set) => sum + available(set), 0);
    if (old.length === 0) {
      progress.restartedAt = restartAt;
    } else if (ready >= this.#desired) {
      cluster.delete(refTo(old[0]));
    }
  }

  #forgetOld({ stable }: RolloutProgress) {
    const limit: number = this.rollout.spec.revisionHistoryLimit ?? 10;
    const unused = this.#list()
      .filter(
        ({ spec, metadata }) =>
          spec.replicas === 0 &&
          ![stable, this.#hash].includes(metadata.labels?.[ROLLOUT_HASH]),
      )
      .sort((a, b) => revisionOf(a) - revisionOf(b));
    for (const replicaSet of unused.slice(
      0,
      Math.max(0, unused.length - limit),
    )) {
      this.tools.cluster.delete(refTo(replicaSet));
    }
  }

  #resize(replicaSet: KubernetesObject, replicas: number) {
    const before: number = replicaSet.spec.replicas;
    if (before !== replicas) {
      this.tools.cluster.patch(
        refTo(replicaSet),
        { spec: { replicas } },
        MANAGER,
      );
      this.#record(
        'ScalingReplicaSet',
        `Scaled ${replicas > before ? 'up' : 'down'} ReplicaSet ${
          replicaSet.metadata.name
        } (revision ${revisionOf(replicaSet)}) from ${before} to ${replicas}`,
      );
    }
  }

  #record(reason: string, message: string) {
    this.tools.cluster.recordEvent({
      regarding: this.rollout,
      type: 'Normal',
      reason,
      message,
      component: NAME,
    });
  }
}

function revisionOf({ metadata }: KubernetesObject): number {
  return Number(metadata.annotations?.[ROLLOUT_REVISION] ?? 0);
}

function available({ status }: KubernetesObject): number {
  return status?.availableReplicas ?? 0;
}

function sizeOf(replicaSet: KubernetesObject) {
  return {
    name: replicaSet.metadata.name!,
    replicas: replicaSet.spec.replicas as number,
    available: available(replicaSet),
  };
}

/** Milliseconds of `30s`, `5m`, `1h`, or a number of seconds. */
function parseDuration(duration: number | string): number {
  const match = /^(\d+)(s|m|h)?$/.exec(String(duration));
  const factor = { s: 1000, m: 60_000, h: 3_600_000 }[match?.[2] ?? 's']!;
  return Number(match?.[1] ?? 0) * factor;
}
