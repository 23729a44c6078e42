import type { KubernetesObject } from '../../kubernetes/KubernetesCluster';
import { HOOK_FINALIZER } from '../health/resourceHealth';
import { keyOf, refOf } from '../live/ResourceKey';
import { isJsonObject, makeObjectAt } from '../rendering/Json';
import type { JsonObject } from '../rendering/Json';
import type { SyncRunOptions } from './SyncRun';
import { hasSyncOption, hookTypes, sortTasks, SyncTask } from './SyncTask';
import type { SyncPhase } from './SyncTask';

/** What Git has of an object and what the cluster has of it. @internal */
export interface ManagedPair {
  readonly target?: JsonObject;
  readonly live?: KubernetesObject;
  readonly modified: boolean;
}

/** A task that cannot be done, and why. @internal */
export interface InvalidTask {
  readonly task: SyncTask;
  readonly reason: string;
}

/** All tasks of a sync in their order. @internal */
export function makeSyncTasks(options: SyncRunOptions): {
  tasks: SyncTask[];
  invalid: InvalidTask[];
} {
  const { cluster } = options;
  const tasks = [
    ...options.resources
      .filter(({ target, live }) => {
        const object = target ?? live;
        return (
          object !== undefined &&
          hookTypes(object).length === 0 &&
          options.includes(keyOf(object))
        );
      })
      .map(
        ({ target, live }) =>
          new SyncTask({
            phase: 'Sync',
            target,
            live: live ?? (target && cluster.get(refOf(target))),
          }),
      ),
    ...(options.skipHooks
      ? []
      : options.hooks.flatMap(hook => hookTasks(hook, options))),
  ];
  const namespace = namespaceTask(options, tasks);
  if (namespace) {
    tasks.push(namespace);
  }
  const invalid = tasks.flatMap(task => {
    const reason = whyInvalid(task, tasks, options);
    return reason === undefined ? [] : [{ task, reason }];
  });
  reorderPruning(tasks, options);
  return { tasks: sortTasks(tasks), invalid };
}

function hookTasks(hook: JsonObject, options: SyncRunOptions): SyncTask[] {
  return hookTypes(hook)
    .filter((type): type is SyncPhase => type !== 'Skip')
    .map(phase => {
      const target = structuredClone(hook);
      const metadata = makeObjectAt(target, 'metadata');
      if (!metadata.name) {
        const seconds = Math.floor(Date.parse(options.startedAt) / 1000);
        const postfix = `${options.revision.slice(0, 7)}-${phase}-${seconds}`;
        metadata.name = `${
          metadata.generateName ?? ''
        }${postfix.toLowerCase()}`;
      }
      metadata.finalizers = [
        ...(Array.isArray(metadata.finalizers) ? metadata.finalizers : []),
        HOOK_FINALIZER,
      ];
      return new SyncTask({
        phase,
        target,
        live: options.cluster.get(refOf(target)),
      });
    });
}

function namespaceTask(
  options: SyncRunOptions,
  tasks: readonly SyncTask[],
): SyncTask | undefined {
  const { namespace, namespaceMetadata } = options;
  if (
    !options.options.includes('CreateNamespace=true') ||
    namespace === '' ||
    tasks.some(({ key }) => key.kind === 'Namespace' && key.name === namespace)
  ) {
    return undefined;
  }
  const live = options.cluster.get({
    apiVersion: 'v1',
    kind: 'Namespace',
    name: namespace,
  });
  if (live && !namespaceMetadata) {
    return undefined;
  }
  const { labels, annotations } = namespaceMetadata ?? {};
  return new SyncTask({
    phase: 'PreSync',
    target: {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: namespace,
        ...(labels && { labels: { ...labels } }),
        ...(annotations && { annotations: { ...annotations } }),
      },
    },
    live,
  });
}

function whyInvalid(
  task: SyncTask,
  tasks: readonly SyncTask[],
  options: SyncRunOptions,
): string | undefined {
  const { group, kind, namespace, name } = task.key;
  const { apiVersion } = task.object;
  if (!options.cluster.serves({ apiVersion: String(apiVersion), kind })) {
    const definedHere = tasks.some(({ target }) => {
      const spec = target?.spec;
      return (
        target?.kind === 'CustomResourceDefinition' &&
        isJsonObject(spec) &&
        spec.group === group &&
        isJsonObject(spec.names) &&
        spec.names.kind === kind
      );
    });
    if (
      definedHere ||
      options.options.includes('SkipDryRunOnMissingResource=true') ||
      hasSyncOption(task.target, 'SkipDryRunOnMissingResource=true')
    ) {
      task.skipDryRun = true;
      return undefined;
    }
    return `The Kubernetes API could not find ${group}/${kind} for requested resource ${namespace}/${name}. Make sure the "${kind}" CRD is installed on the destination cluster.`;
  }
  return options.forbids(task.key);
}

/** What was made last goes first; with `PruneLast` pruning waits for everything else. */
function reorderPruning(tasks: readonly SyncTask[], options: SyncRunOptions) {
  const pruning = tasks.filter(({ isPrune }) => isPrune);
  const waves = [...new Set(pruning.map(({ wave }) => wave))].sort(
    (a, b) => a - b,
  );
  const mirrored = new Map(
    waves.map((wave, index) => [wave, waves[waves.length - 1 - index]]),
  );
  for (const task of pruning) {
    task.waveOverride = mirrored.get(task.wave);
  }
  const last =
    Math.max(
      0,
      ...tasks.filter(({ phase }) => phase === 'Sync').map(({ wave }) => wave),
    ) + 1;
  for (const task of pruning) {
    if (
      options.options.includes('PruneLast=true') ||
      hasSyncOption(task.live, 'PruneLast=true')
    ) {
      task.waveOverride = last;
    }
  }
}
