import { isAutomated, sourcesOf } from './ApplicationTypes';
import type {
  Application,
  ApplicationCondition,
  Operation,
  OperationState,
} from './ApplicationTypes';
import type { ComparisonResult } from './comparing/compareApplication';
import { stableStringify } from './rendering/Json';

/** What an automated Application does about its drift. @internal */
export interface AutomatedPlan {
  readonly operation?: Operation;
  /** How long to wait before it, in milliseconds. */
  readonly delay?: number;
  readonly condition?: ApplicationCondition;
}

/** The time before a self-heal, in milliseconds; each further one waits three times as long. */
const HEAL_DELAY = 2000;
const LONGEST_HEAL_DELAY = 300_000;

/**
 * Decides whether an Application syncs by itself now. The same commit is not tried twice, except for self-healing.
 *
 * @internal
 */
export function planAutomatedSync(
  application: Application,
  comparison: ComparisonResult,
  revisions: readonly string[],
): AutomatedPlan {
  const { spec, status, operation } = application;
  const automated = spec.syncPolicy?.automated;
  if (!isAutomated(spec) || operation || comparison.sync !== 'OutOfSync') {
    return {};
  }
  const changed = comparison.resources.filter(
    resource => !resource.hook && resource.status !== 'Synced',
  );
  if (!automated?.prune && changed.every(item => item.requiresPruning)) {
    return {};
  }
  const several = (spec.sources?.length ?? 0) > 0;
  const sync = {
    ...(several
      ? { sources: spec.sources, revisions }
      : { source: spec.source, revision: revisions[0] }),
    prune: automated?.prune ?? false,
    ...(spec.syncPolicy?.syncOptions && {
      syncOptions: spec.syncPolicy.syncOptions,
    }),
  };
  let resources: Partial<NonNullable<Operation['sync']>> = {};
  let delay = 0;
  const last = status?.operationState;
  if (last && wasTried(application, last, revisions)) {
    const list = `[${revisions.join(' ')}]`;
    if (last.phase !== 'Succeeded') {
      return {
        condition: {
          type: 'SyncError',
          message: `Failed last sync attempt to ${list}: ${last.message ?? ''}`,
        },
      };
    }
    if (!automated?.selfHeal) {
      return {};
    }
    const attempts = last.operation.sync?.autoHealAttemptsCount ?? 0;
    const since = Date.now() - Date.parse(last.finishedAt ?? last.startedAt);
    const backoff = Math.min(HEAL_DELAY * 3 ** attempts, LONGEST_HEAL_DELAY);
    // Long after the last one it starts from the beginning.
    const calm = since > LONGEST_HEAL_DELAY;
    delay = calm || since > backoff ? 0 : backoff;
    resources = {
      autoHealAttemptsCount: calm ? 1 : attempts + 1,
      resources: changed.map(({ group, kind, name }) => ({
        ...(group && { group }),
        kind,
        name,
      })),
    };
  }
  if (
    automated?.prune &&
    !automated.allowEmpty &&
    comparison.resources.length > 0 &&
    comparison.resources.every(item => item.requiresPruning)
  ) {
    return {
      condition: {
        type: 'SyncError',
        message: `Skipping sync attempt to [${revisions.join(
          ' ',
        )}]: auto-sync will wipe out all resources`,
      },
    };
  }
  return {
    delay,
    operation: {
      sync: { ...sync, ...resources },
      initiatedBy: { automated: true },
      retry: spec.syncPolicy?.retry ?? { limit: 5 },
    },
  };
}

function wasTried(
  { spec }: Application,
  last: OperationState,
  revisions: readonly string[],
): boolean {
  const result = last.syncResult;
  if (!result) {
    return last.phase !== 'Running';
  }
  const tried = result.revisions ?? [result.revision];
  const sources = result.sources ?? (result.source ? [result.source] : []);
  return (
    tried.join() === revisions.join() &&
    stableStringify(sources) === stableStringify(sourcesOf(spec))
  );
}
