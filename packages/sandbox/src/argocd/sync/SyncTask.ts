import type { KubernetesObject } from '../../kubernetes/KubernetesCluster';
import type { OperationPhase, ResourceResult } from '../ApplicationTypes';
import { groupOf, keyOf, keyText, versionOf } from '../live/ResourceKey';
import type { ResourceKey } from '../live/ResourceKey';
import { isJsonObject } from '../rendering/Json';
import type { JsonObject } from '../rendering/Json';
import { resourceImages } from '../resourceImages';

/** @internal */
export type SyncPhase = 'PreSync' | 'Sync' | 'PostSync' | 'SyncFail';

const PHASES: readonly SyncPhase[] = [
  'PreSync',
  'Sync',
  'PostSync',
  'SyncFail',
];

/** The annotations of an object, whichever form it has. @internal */
export function annotationsOf(
  object: JsonObject | KubernetesObject | undefined,
): Readonly<Record<string, string>> {
  const metadata = object?.metadata;
  const annotations = isJsonObject(metadata)
    ? metadata.annotations
    : (metadata as KubernetesObject['metadata'] | undefined)?.annotations;
  return (annotations ?? {}) as Record<string, string>;
}

/** The hook types of an object; empty for ordinary resources. @internal */
export function hookTypes(
  object: JsonObject | KubernetesObject | undefined,
): readonly string[] {
  return (annotationsOf(object)['argocd.argoproj.io/hook'] ?? '')
    .split(',')
    .map(type => type.trim())
    .filter(type =>
      ['PreSync', 'Sync', 'PostSync', 'SyncFail', 'Skip'].includes(type),
    );
}

/** Whether an object has an option such as `Prune=false` in `argocd.argoproj.io/sync-options`. @internal */
export function hasSyncOption(
  object: JsonObject | KubernetesObject | undefined,
  option: string,
): boolean {
  return (annotationsOf(object)['argocd.argoproj.io/sync-options'] ?? '')
    .split(',')
    .some(item => item.trim() === option);
}

/** The sync wave of an object, 0 if it says none. @internal */
export function syncWave(
  object: JsonObject | KubernetesObject | undefined,
): number {
  const wave = Number(annotationsOf(object)['argocd.argoproj.io/sync-wave']);
  return Number.isInteger(wave) ? wave : 0;
}

/** One object in one phase of a sync. @internal */
export class SyncTask {
  phase: SyncPhase;
  readonly target?: JsonObject;
  live?: KubernetesObject;
  waveOverride?: number;
  skipDryRun = false;
  status?: ResourceResult['status'];
  state?: OperationPhase;
  message?: string;

  constructor(options: {
    phase: SyncPhase;
    target?: JsonObject;
    live?: KubernetesObject;
  }) {
    this.phase = options.phase;
    this.target = options.target;
    this.live = options.live;
  }

  get object(): JsonObject | KubernetesObject {
    return (this.target ?? this.live)!;
  }

  get key(): ResourceKey {
    return keyOf(this.object);
  }

  get resultKey(): string {
    return `${keyText(this.key)}:${this.phase}`;
  }

  get wave(): number {
    return this.waveOverride ?? syncWave(this.object);
  }

  get isPrune(): boolean {
    return this.target === undefined;
  }

  get isHook(): boolean {
    return hookTypes(this.object).length > 0;
  }

  get pending(): boolean {
    return this.state === undefined;
  }

  get running(): boolean {
    return this.state === 'Running';
  }

  get completed(): boolean {
    return (
      this.state === 'Succeeded' ||
      this.state === 'Failed' ||
      this.state === 'Error'
    );
  }

  get successful(): boolean {
    return this.state === 'Succeeded';
  }

  hasDeletePolicy(
    policy: 'HookSucceeded' | 'HookFailed' | 'BeforeHookCreation',
  ): boolean {
    if (!this.isHook) {
      return false;
    }
    const policies = (
      annotationsOf(this.object)['argocd.argoproj.io/hook-delete-policy'] ?? ''
    )
      .split(',')
      .map(item => item.trim())
      .filter(item => item !== '');
    return policies.length === 0
      ? policy === 'BeforeHookCreation'
      : policies.includes(policy);
  }

  toResult(): ResourceResult {
    const { group, kind, namespace, name } = this.key;
    const images = resourceImages(this.object);
    return {
      group,
      version: versionOf(String(this.object.apiVersion)),
      kind,
      namespace,
      name,
      ...(this.status && { status: this.status }),
      ...(this.message && { message: this.message }),
      ...(this.isHook && { hookType: this.phase }),
      ...(this.state && { hookPhase: this.state }),
      syncPhase: this.phase,
      ...(images.length > 0 && { images }),
    };
  }
}

const KIND_ORDER = [
  'Namespace',
  'NetworkPolicy',
  'ResourceQuota',
  'LimitRange',
  'PodSecurityPolicy',
  'PodDisruptionBudget',
  'ServiceAccount',
  'Secret',
  'SecretList',
  'ConfigMap',
  'StorageClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'CustomResourceDefinition',
  'ClusterRole',
  'ClusterRoleList',
  'ClusterRoleBinding',
  'ClusterRoleBindingList',
  'Role',
  'RoleList',
  'RoleBinding',
  'RoleBindingList',
  'Service',
  'DaemonSet',
  'Pod',
  'ReplicationController',
  'ReplicaSet',
  'Deployment',
  'HorizontalPodAutoscaler',
  'StatefulSet',
  'Job',
  'CronJob',
  'IngressClass',
  'Ingress',
  'APIService',
];

/** By phase, wave, kind and name; what others need comes before them. @internal */
export function sortTasks(tasks: readonly SyncTask[]): SyncTask[] {
  const rank = (task: SyncTask) => {
    const index = KIND_ORDER.indexOf(task.key.kind);
    return index < 0 ? 0 : index - KIND_ORDER.length;
  };
  const sorted = [...tasks].sort(
    (a, b) =>
      PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase) ||
      a.wave - b.wave ||
      rank(a) - rank(b) ||
      (a.key.name < b.key.name ? -1 : Number(a.key.name > b.key.name)),
  );
  liftDependencies(
    sorted,
    task => (task.key.kind === 'Namespace' ? task.key.name : undefined),
    task => task.key.namespace || undefined,
  );
  liftDependencies(
    sorted,
    definedKind,
    task => `${task.key.group}/${task.key.kind}`,
  );
  return sorted;
}

function definedKind(task: SyncTask): string | undefined {
  const spec = task.target?.spec;
  return task.key.kind === 'CustomResourceDefinition' && isJsonObject(spec)
    ? `${spec.group}/${isJsonObject(spec.names) ? spec.names.kind : ''}`
    : undefined;
}

/** Moves a namespace or a definition before the first task that needs it. */
function liftDependencies(
  tasks: SyncTask[],
  provides: (task: SyncTask) => string | undefined,
  needs: (task: SyncTask) => string | undefined,
) {
  for (let index = 0; index < tasks.length; index++) {
    const task = tasks[index];
    const provided = task.target && provides(task);
    const first =
      provided === undefined
        ? -1
        : tasks.findIndex(
            other =>
              other.target && other !== task && needs(other) === provided,
          );
    if (first >= 0 && first < index) {
      task.waveOverride = tasks[first].wave;
      task.phase = tasks[first].phase;
      tasks.splice(index, 1);
      tasks.splice(first, 0, task);
    }
  }
}

/** `deployment.apps/web`, as kubectl prints it. @internal */
export function printedName(object: JsonObject | KubernetesObject): string {
  const { kind, name } = keyOf(object);
  const group = groupOf(String(object.apiVersion));
  return `${kind.toLowerCase()}${group && `.${group}`}/${name}`;
}
