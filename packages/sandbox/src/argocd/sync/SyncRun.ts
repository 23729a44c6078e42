import type {
  KubernetesCluster,
  KubernetesObject,
} from '../../kubernetes/KubernetesCluster';
import { StatusError } from '../../kubernetes/StatusError';
import type { OperationPhase, ResourceResult } from '../ApplicationTypes';
import { HOOK_FINALIZER } from '../health/resourceHealth';
import { refOf } from '../live/ResourceKey';
import type { ResourceKey } from '../live/ResourceKey';
import type { JsonObject } from '../rendering/Json';
import { applyTask, pruneTask } from './applyTask';
import { makeSyncTasks } from './makeSyncTasks';
import type { ManagedPair } from './makeSyncTasks';
import { runningOutcome } from './runningOutcome';
import type { SyncTask } from './SyncTask';

/** What a sync is to do, and how far it is. @internal */
export interface SyncRunOptions {
  readonly cluster: KubernetesCluster;
  readonly resources: readonly ManagedPair[];
  readonly hooks: readonly JsonObject[];
  readonly namespace: string;
  readonly revision: string;
  readonly startedAt: string;
  readonly results: readonly ResourceResult[];
  readonly dryRun: boolean;
  readonly prune: boolean;
  readonly force: boolean;
  readonly skipHooks: boolean;
  /** `syncOptions` of the operation, such as `CreateNamespace=true`. */
  readonly options: readonly string[];
  readonly namespaceMetadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  /** Whether the operation is for this object, when it names some. */
  includes(key: ResourceKey): boolean;
  isNamespaced(type: { group: string; kind: string }): boolean;
  /** Why the project forbids an object; undefined if it does not. */
  forbids(key: ResourceKey): string | undefined;
}

/** Where a sync stands after a step. @internal */
export interface SyncStep {
  readonly phase: OperationPhase;
  readonly message: string;
  readonly results: readonly ResourceResult[];
  /** A wave was applied and another follows: Argo CD waits a little in between. */
  readonly waveDone: boolean;
}

/**
 * One step of a sync, as Argo CD's engine takes it: what can be applied is applied, then it waits for what runs.
 * Steps are repeated until the phase is not `Running` any more.
 *
 * @see https://github.com/argoproj/argo-cd/blob/master/gitops-engine/pkg/sync/sync_context.go
 * @internal
 */
export class SyncRun {
  readonly #options: SyncRunOptions;
  readonly #results: Map<string, ResourceResult>;
  #phase: OperationPhase = 'Running';
  #message = '';
  #waveDone = false;

  constructor(options: SyncRunOptions) {
    this.#options = options;
    this.#results = new Map(
      options.results.map(result => [
        `${result.group}/${result.kind}/${result.namespace}/${result.name}:${result.syncPhase}`,
        result,
      ]),
    );
  }

  step(): SyncStep {
    const started = this.#results.size > 0;
    const tasks = this.#makeTasks();
    if (tasks) {
      this.#run(tasks, started);
    }
    return this.#toStep();
  }

  /** Ends the hooks that run. */
  terminate(): SyncStep {
    for (const task of this.#makeTasks() ?? []) {
      if (task.isHook && task.running) {
        this.#releaseHook(task);
        if (task.live) {
          this.#delete(task.live);
        }
        this.#record(task, task.status, 'Failed', 'Terminated');
      }
    }
    this.#finish('Failed', 'Operation terminated');
    return this.#toStep();
  }

  #toStep(): SyncStep {
    return {
      phase: this.#phase,
      message: this.#message,
      results: [...this.#results.values()],
      waveDone: this.#waveDone,
    };
  }

  #makeTasks(): SyncTask[] | undefined {
    const { tasks, invalid } = makeSyncTasks(this.#options);
    for (const task of tasks) {
      const result = this.#results.get(task.resultKey);
      task.status = result?.status;
      task.state = result?.hookPhase;
      task.message = result?.message;
    }
    if (invalid.length > 0) {
      for (const { task, reason } of invalid) {
        this.#record(task, 'SyncFailed', undefined, reason);
      }
      const reasons = [...new Set(invalid.map(({ reason }) => reason))].sort();
      this.#finish(
        'Failed',
        `one or more synchronization tasks are not valid: ${reasons.join(
          '; ',
        )}`,
      );
      return undefined;
    }
    return tasks;
  }

  #run(allTasks: SyncTask[], started: boolean) {
    if (!started && !this.#validate(allTasks)) {
      return;
    }
    for (const task of allTasks.filter(item => item.running && item.live)) {
      this.#updateRunning(task);
    }
    const multiStep =
      allTasks.at(0)?.wave !== allTasks.at(-1)?.wave ||
      allTasks.at(0)?.phase !== allTasks.at(-1)?.phase;
    const running = allTasks.filter(
      task => (multiStep || task.isHook) && task.running,
    );
    if (running.length > 0) {
      for (const task of running) {
        if (!task.live && !this.#options.cluster.get(refOf(task.object))) {
          const { group, kind, name } = task.key;
          this.#record(
            task,
            'SyncFailed',
            'Error',
            `Resource ${group}/${kind}/${name} is missing, it might have been deleted`,
          );
        }
      }
      this.#wait(running, false);
      return;
    }
    const leaving = allTasks.filter(
      task => task.status === 'Pruned' && task.live?.metadata.deletionTimestamp,
    );
    if (leaving.length > 0) {
      this.#wait(leaving, true);
      return;
    }
    allTasks
      .filter(task => task.isHook && task.completed)
      .forEach(task => this.#releaseHook(task));

    const doneHooks = (policy: 'HookSucceeded' | 'HookFailed') =>
      allTasks.filter(
        task => task.live && !task.running && task.hasDeletePolicy(policy),
      );
    const failHooks = allTasks.filter(({ phase }) => phase === 'SyncFail');
    const tasks = allTasks.filter(({ phase }) => phase !== 'SyncFail');
    if (tasks.some(task => task.completed && !task.successful)) {
      doneHooks('HookFailed').forEach(task => this.#delete(task.live!));
      this.#fail(
        failHooks,
        tasks.filter(({ status }) => status === 'SyncFailed'),
        'one or more synchronization tasks completed unsuccessfully',
      );
      return;
    }
    const pending = this.#withoutSynced(tasks.filter(task => task.pending));
    if (pending.length === 0) {
      doneHooks('HookSucceeded').forEach(task => this.#delete(task.live!));
      this.#finish('Succeeded', 'successfully synced (no more tasks)');
      return;
    }
    this.#runWave(pending, failHooks, doneHooks);
  }

  #runWave(
    pending: readonly SyncTask[],
    failHooks: readonly SyncTask[],
    doneHooks: (policy: 'HookSucceeded' | 'HookFailed') => SyncTask[],
  ) {
    const [{ phase, wave }] = pending;
    const isNow = (task: SyncTask) =>
      task.phase === phase && task.wave === wave;
    const now = pending.filter(isNow);
    const later = pending.filter(task => !isNow(task));
    this.#finish('Running', 'one or more tasks are running');
    const outcome = this.#apply(now);
    if (outcome === 'waiting') {
      this.#wait(now, true);
      return;
    }
    if (outcome === 'failed') {
      const runningHooks = now.filter(task => task.running && task.isHook);
      if (runningHooks.length > 0) {
        this.#wait(runningHooks, false);
      } else {
        this.#fail(
          failHooks,
          now.filter(({ status }) => status === 'SyncFailed'),
          'one or more objects failed to apply',
        );
      }
      return;
    }
    if (later.length === 0 && !now.some(task => task.isHook)) {
      doneHooks('HookSucceeded').forEach(task => this.#delete(task.live!));
      this.#finish('Succeeded', 'successfully synced (all tasks run)');
    } else {
      this.#waveDone = later.length > 0;
      this.#wait(now, false);
    }
  }

  /** Tries everything without storing it. What admission says counts when it is applied. */
  #validate(tasks: readonly SyncTask[]): boolean {
    const namespace = tasks.find(
      task => task.key.kind === 'Namespace' && !task.live && task.target,
    );
    if (namespace && !this.#options.dryRun) {
      this.#apply([namespace]);
    }
    let valid = true;
    for (const task of tasks) {
      if (task.target && !task.skipDryRun && task !== namespace) {
        try {
          applyTask(task, { ...this.#options, dryRun: true });
        } catch (error) {
          if (
            error instanceof StatusError &&
            (error.code === 422 || error.code === 400)
          ) {
            this.#record(task, 'SyncFailed', 'Failed', error.message);
            valid = false;
          }
        }
      }
    }
    if (!valid) {
      this.#finish('Failed', 'one or more objects failed to apply (dry run)');
    }
    return valid;
  }

  #apply(tasks: readonly SyncTask[]): 'done' | 'waiting' | 'failed' {
    const { dryRun } = this.#options;
    let failed = false;
    for (const task of tasks.filter(({ isPrune }) => isPrune)) {
      const { status, message } = pruneTask(task, this.#options);
      this.#record(task, status, stateOf(status, dryRun), message);
      failed ||= status === 'SyncFailed';
    }
    let deleted = false;
    for (const task of tasks.filter(item => !item.isPrune && item.pending)) {
      if (
        task.isHook &&
        task.live &&
        task.hasDeletePolicy('BeforeHookCreation') &&
        !dryRun
      ) {
        this.#releaseHook(task);
        this.#delete(task.live);
        deleted = true;
      }
    }
    if (deleted) {
      return 'waiting';
    }
    if (failed) {
      return 'failed';
    }
    for (const task of tasks.filter(({ isPrune }) => !isPrune)) {
      try {
        const message = applyTask(task, this.#options);
        this.#record(task, 'Synced', stateOf('Synced', dryRun), message);
      } catch (error) {
        this.#record(task, 'SyncFailed', 'Failed', (error as Error).message);
        failed = true;
      }
    }
    return failed ? 'failed' : 'done';
  }

  #fail(
    failHooks: readonly SyncTask[],
    failed: readonly SyncTask[],
    message: string,
  ) {
    const reasons = (tasks: readonly SyncTask[]) =>
      [...new Set(tasks.map(task => task.message ?? ''))].join(',');
    const text =
      failed.length > 0 ? `${message}, reason: ${reasons(failed)}` : message;
    if (failHooks.every(task => task.completed)) {
      const broken = failHooks.filter(({ status }) => status === 'SyncFailed');
      this.#finish(
        'Failed',
        broken.length > 0
          ? `${text}\none or more SyncFail hooks failed, reason: ${reasons(
              broken,
            )}`
          : text,
      );
      return;
    }
    const pending = failHooks.filter(task => !task.completed && !task.running);
    this.#apply(pending);
    this.#wait(pending, false);
  }

  #updateRunning(task: SyncTask) {
    const outcome = runningOutcome(task);
    if (outcome) {
      this.#record(task, task.status, outcome.state, outcome.message);
    }
  }

  #withoutSynced(tasks: readonly SyncTask[]): SyncTask[] {
    const onlyChanged = this.#options.options.includes(
      'ApplyOutOfSyncOnly=true',
    );
    return tasks.filter(task => {
      const pair = this.#options.resources.find(
        ({ target }) => target !== undefined && target === task.target,
      );
      return !(onlyChanged && pair?.live && !pair.modified);
    });
  }

  #wait(tasks: readonly SyncTask[], deletion: boolean) {
    const hooks = tasks.filter(task => task.isHook);
    const [first] = hooks.length > 0 ? hooks : tasks;
    let reason = hooks.length > 0 ? 'completion of hook' : 'healthy state of';
    if (deletion) {
      reason = `deletion of${hooks.length > 0 ? ' hook' : ''}`;
    }
    const { group, kind, name } = first.key;
    const more = tasks.length - 1;
    this.#finish(
      'Running',
      `waiting for ${reason} ${group}/${kind}/${name}${
        more > 0
          ? ` and ${more} more ${
              hooks.length === tasks.length ? 'hooks' : 'resources'
            }`
          : ''
      }`,
    );
  }

  #releaseHook(task: SyncTask) {
    const { cluster } = this.#options;
    const live = task.live && cluster.get(refOf(task.live));
    if (live?.metadata.finalizers?.includes(HOOK_FINALIZER)) {
      cluster.patch(refOf(live), {
        metadata: {
          finalizers: live.metadata.finalizers.filter(
            name => name !== HOOK_FINALIZER,
          ),
        },
      });
    }
  }

  #delete(object: KubernetesObject) {
    this.#options.cluster.delete(refOf(object), {
      propagationPolicy: 'Background',
    });
  }

  #record(
    task: SyncTask,
    status: ResourceResult['status'],
    state: OperationPhase | undefined,
    message: string | undefined,
  ) {
    task.status = status;
    task.state = state;
    task.message = message || task.message;
    this.#results.set(task.resultKey, {
      ...this.#results.get(task.resultKey),
      ...task.toResult(),
    });
  }

  #finish(phase: OperationPhase, message: string) {
    this.#phase = phase;
    this.#message = message;
  }
}

function stateOf(
  status: ResourceResult['status'],
  dryRun: boolean,
): OperationPhase {
  if (status === 'SyncFailed') {
    return 'Failed';
  }
  return status === 'Synced' && !dryRun ? 'Running' : 'Succeeded';
}
