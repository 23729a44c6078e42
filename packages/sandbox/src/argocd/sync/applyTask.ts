import type {
  KubernetesCluster,
  KubernetesObject,
} from '../../kubernetes/KubernetesCluster';
import { FIELD_MANAGER } from '../comparing/compareResource';
import type { ResourceResult } from '../ApplicationTypes';
import { refOf } from '../live/ResourceKey';
import type { JsonObject } from '../rendering/Json';
import { hasSyncOption, printedName } from './SyncTask';
import type { SyncTask } from './SyncTask';

interface ApplyOptions {
  readonly cluster: KubernetesCluster;
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly prune: boolean;
  readonly options: readonly string[];
}

/**
 * Writes one object to the cluster.
 *
 * @returns what kubectl would print
 * @throws what the cluster says against it
 * @internal
 */
export function applyTask(task: SyncTask, options: ApplyOptions): string {
  const { cluster, dryRun } = options;
  const target = task.target!;
  const live = cluster.get(refOf(target));
  const has = (option: string) =>
    options.options.includes(option) || hasSyncOption(target, option);
  const suffix = dryRun ? ' (dry run)' : '';

  if (has('Replace=true')) {
    if (!live) {
      cluster.create(target as unknown as KubernetesObject, {
        dryRun,
        fieldManager: FIELD_MANAGER,
      });
      return `${printedName(target)} created${suffix}`;
    }
    cluster.update(withVersion(target, live), {
      dryRun,
      fieldManager: FIELD_MANAGER,
    });
    return `${printedName(target)} replaced${suffix}`;
  }
  const apply = () =>
    cluster.apply(target as unknown as KubernetesObject, {
      dryRun,
      fieldManager: FIELD_MANAGER,
      force: true,
    });
  let applied: KubernetesObject;
  try {
    applied = apply();
  } catch (error) {
    if (!live || dryRun || !(options.force || has('Force=true'))) {
      throw error;
    }
    cluster.delete(refOf(live), { propagationPolicy: 'Background' });
    applied = apply();
  }
  if (has('ServerSideApply=true')) {
    return `${printedName(target)} serverside-applied${suffix}`;
  }
  if (!live) {
    return `${printedName(target)} created${suffix}`;
  }
  return applied.metadata.resourceVersion === live.metadata.resourceVersion
    ? `${printedName(target)} unchanged${suffix}`
    : `${printedName(target)} configured${suffix}`;
}

function withVersion(target: JsonObject, live: KubernetesObject) {
  return {
    ...target,
    metadata: {
      ...(target.metadata as object),
      resourceVersion: live.metadata.resourceVersion,
    },
  } as unknown as KubernetesObject;
}

const PROPAGATION = {
  background: 'Background',
  foreground: 'Foreground',
  orphan: 'Orphan',
} as const;

/** Deletes one object that is gone from Git, if that was asked for. @internal */
export function pruneTask(
  task: SyncTask,
  options: ApplyOptions,
): { status: NonNullable<ResourceResult['status']>; message: string } {
  const live = task.live!;
  if (!options.prune) {
    return { status: 'PruneSkipped', message: 'ignored (requires pruning)' };
  }
  if (hasSyncOption(live, 'Prune=false')) {
    return { status: 'PruneSkipped', message: 'ignored (no prune)' };
  }
  if (options.dryRun) {
    return { status: 'Pruned', message: 'pruned (dry run)' };
  }
  const policy = options.options
    .find(option => option.startsWith('PrunePropagationPolicy='))
    ?.split('=')[1];
  try {
    if (!live.metadata.deletionTimestamp) {
      options.cluster.delete(refOf(live), {
        propagationPolicy:
          PROPAGATION[policy as keyof typeof PROPAGATION] ?? 'Foreground',
      });
    }
  } catch (error) {
    return { status: 'SyncFailed', message: (error as Error).message };
  }
  return { status: 'Pruned', message: 'pruned' };
}
