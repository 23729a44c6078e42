import type { KubernetesObject } from '../KubernetesCluster';
import type { ControllerTools } from './Controller';
import {
  createReplicaSet,
  findNewReplicaSet,
  REVISION,
  revisionAnnotations,
  revisionOf,
} from './deploymentRevisions';
import { refTo } from './objectKey';
import { listControlled } from './ownerReferences';
import { isActive } from './podState';
import { POD, REPLICA_SET } from './resourceTypes';
import type { ReplicaSetSize, RollingBounds } from './rollingUpdate';
import {
  planRollingUpdate,
  resolveBounds,
  scaleInProportion,
} from './rollingUpdate';

const DESIRED = 'deployment.kubernetes.io/desired-replicas';
const MOST = 'deployment.kubernetes.io/max-replicas';
const MANAGER = { fieldManager: 'kube-controller-manager' };

/**
 * One pass over one Deployment.
 *
 * @internal
 */
export class DeploymentSync {
  readonly #tools: ControllerTools;
  readonly #deployment: KubernetesObject;
  readonly #desired: number;
  readonly #bounds: RollingBounds;

  constructor(tools: ControllerTools, deployment: KubernetesObject) {
    this.#tools = tools;
    this.#deployment = deployment;
    this.#desired = deployment.spec.replicas ?? 1;
    this.#bounds = resolveBounds(deployment.spec.strategy, this.#desired);
  }

  run(): void {
    const all = this.#list();
    const existing = findNewReplicaSet(this.#deployment, all);
    const paused = !!this.#deployment.spec.paused;
    if (paused && !existing) {
      this.#scaleAll(all);
      return;
    }
    const old = all.filter(other => other !== existing);
    const revision = Math.max(0, ...old.map(revisionOf)) + 1;
    const recreate = this.#deployment.spec.strategy?.type === 'Recreate';
    if (recreate && !existing && this.#stopOld(old)) {
      return;
    }
    const current = existing
      ? this.#annotate(existing, Math.max(revision, revisionOf(existing)))
      : this.#create(old, revision, recreate);
    this.#noteRevision(current);
    if (this.#scaleAll([...old, current]) || paused) {
      return;
    }
    if (recreate) {
      if (!this.#stopOld(old)) {
        this.#resize(current, this.#desired);
      }
    } else {
      this.#roll(current, old);
    }
    this.#forgetOld(old);
  }

  #list(): KubernetesObject[] {
    return listControlled(
      this.#tools.cluster,
      REPLICA_SET,
      this.#deployment,
    ).filter(replicaSet => !replicaSet.metadata.deletionTimestamp);
  }

  #create(
    old: readonly KubernetesObject[],
    revision: number,
    recreate: boolean,
  ): KubernetesObject {
    const total = old.reduce((sum, { spec }) => sum + spec.replicas, 0);
    const replicas = recreate
      ? this.#desired
      : Math.max(
          0,
          Math.min(
            this.#desired,
            this.#desired + this.#bounds.maxSurge - total,
          ),
        );
    const created = createReplicaSet(this.#tools.cluster, this.#deployment, {
      replicas,
      annotations: this.#annotations(undefined, revision),
    });
    if (replicas > 0) {
      this.#recordScaling(created, 0, replicas);
    }
    return created;
  }

  #annotations(replicaSet: KubernetesObject | undefined, revision: number) {
    return revisionAnnotations(this.#deployment, replicaSet, {
      revision,
      desired: this.#desired,
      most: this.#desired + this.#bounds.maxSurge,
    });
  }

  #annotate(replicaSet: KubernetesObject, revision: number): KubernetesObject {
    const annotations = this.#annotations(replicaSet, revision);
    // What the desired number was is the sign of a scaling; #scaleAll looks at it and notes the new one itself.
    for (const name of [DESIRED, MOST]) {
      annotations[name] =
        replicaSet.metadata.annotations?.[name] ?? annotations[name];
    }
    return this.#tools.cluster.patch(
      refTo(replicaSet),
      { metadata: { annotations } },
      MANAGER,
    );
  }

  #noteRevision(current: KubernetesObject) {
    const revision = String(revisionOf(current));
    if (this.#deployment.metadata.annotations?.[REVISION] !== revision) {
      this.#tools.cluster.patch(
        refTo(this.#deployment),
        { metadata: { annotations: { [REVISION]: revision } } },
        MANAGER,
      );
    }
  }

  /** Follows a change of the desired number. Tells whether there was one. */
  #scaleAll(all: readonly KubernetesObject[]): boolean {
    const active = all.filter(({ spec }) => spec.replicas > 0);
    const scaled = active.filter(
      replicaSet =>
        replicaSet.metadata.annotations?.[DESIRED] !== String(this.#desired),
    );
    if (scaled.length === 0) {
      return false;
    }
    if (active.length === 1) {
      this.#resize(active[0], this.#desired);
    } else {
      const allowed =
        this.#desired === 0 ? 0 : this.#desired + this.#bounds.maxSurge;
      this.#resizeAll(active, scaleInProportion(active.map(sizeOf), allowed));
    }
    for (const replicaSet of active) {
      this.#tools.cluster.patch(
        refTo(replicaSet),
        {
          metadata: {
            annotations: {
              [DESIRED]: String(this.#desired),
              [MOST]: String(this.#desired + this.#bounds.maxSurge),
            },
          },
        },
        MANAGER,
      );
    }
    return true;
  }

  #roll(current: KubernetesObject, old: readonly KubernetesObject[]) {
    const ordered = [...old]
      .filter(({ spec }) => spec.replicas > 0)
      .sort((a, b) => revisionOf(a) - revisionOf(b));
    this.#resizeAll(
      [current, ...ordered],
      planRollingUpdate({
        desired: this.#desired,
        bounds: this.#bounds,
        current: sizeOf(current),
        old: ordered.map(sizeOf),
      }),
    );
  }

  /** Scales all old ones down. Tells whether some of their pods are still there. */
  #stopOld(old: readonly KubernetesObject[]): boolean {
    for (const replicaSet of old) {
      this.#resize(replicaSet, 0);
    }
    return old.some(replicaSet =>
      listControlled(this.#tools.cluster, POD, replicaSet).some(
        pod => isActive(pod) || pod.metadata.deletionTimestamp,
      ),
    );
  }

  #resizeAll(
    replicaSets: readonly KubernetesObject[],
    sizes: Readonly<Record<string, number>>,
  ) {
    for (const replicaSet of replicaSets) {
      this.#resize(
        replicaSet,
        sizes[replicaSet.metadata.name!] ?? replicaSet.spec.replicas,
      );
    }
  }

  #resize(replicaSet: KubernetesObject, replicas: number) {
    const before: number = replicaSet.spec.replicas;
    if (before === replicas) {
      return;
    }
    this.#tools.cluster.patch(
      refTo(replicaSet),
      { spec: { replicas } },
      MANAGER,
    );
    this.#recordScaling(replicaSet, before, replicas);
  }

  #recordScaling(
    { metadata }: KubernetesObject,
    before: number,
    after: number,
  ) {
    const message =
      before === 0
        ? `Scaled up replica set ${metadata.name} from 0 to ${after}`
        : `Scaled ${after > before ? 'up' : 'down'} replica set ${
            metadata.name
          } from ${before} to ${after}`;
    this.#tools.cluster.recordEvent({
      regarding: this.#deployment,
      type: 'Normal',
      reason: 'ScalingReplicaSet',
      message,
      component: 'deployment-controller',
    });
  }

  #forgetOld(old: readonly KubernetesObject[]) {
    const limit: number = this.#deployment.spec.revisionHistoryLimit ?? 10;
    const unused = old
      .filter(
        ({ spec, status }) =>
          spec.replicas === 0 && (status?.replicas ?? 0) === 0,
      )
      .sort((a, b) => revisionOf(a) - revisionOf(b));
    for (const replicaSet of unused.slice(
      0,
      Math.max(0, unused.length - limit),
    )) {
      this.#tools.cluster.delete(refTo(replicaSet));
    }
  }
}

function sizeOf({ metadata, spec, status }: KubernetesObject): ReplicaSetSize {
  return {
    name: metadata.name!,
    replicas: spec.replicas,
    available: status?.availableReplicas ?? 0,
  };
}
