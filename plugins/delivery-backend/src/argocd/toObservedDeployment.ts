import type { CachedApplication } from '@waystone/integrations';
import type {
  Health,
  Initiator,
  Operation,
  Sync,
} from '@waystone/plugin-delivery-common';
import type {
  ObservedDeployment,
  PastDeployment,
} from '@waystone/plugin-delivery-node';
import { explainApplication } from './explainApplication';

const SYNC: Readonly<Record<string, Sync>> = {
  Synced: 'synced',
  OutOfSync: 'out-of-sync',
};

const HEALTH: Readonly<Record<string, Health>> = {
  Healthy: 'healthy',
  Progressing: 'progressing',
  Degraded: 'degraded',
  Suspended: 'suspended',
  Missing: 'missing',
};

const PHASE: Readonly<Record<string, Operation['phase']>> = {
  Running: 'running',
  Terminating: 'running',
  Succeeded: 'succeeded',
  Failed: 'failed',
  Error: 'failed',
};

/**
 * Makes of an Application what the pillar knows of it. Nothing else of it leaves the backend.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/application.yaml
 */
export function toObservedDeployment(
  application: CachedApplication,
  options: { readonly id: string; readonly url?: string },
): ObservedDeployment {
  const { metadata, spec, status } = application;
  const source = spec?.source ?? spec?.sources[0];
  const last = status?.history.at(-1);
  return {
    id: options.id,
    url: options.url,
    name: metadata.name,
    labels: metadata.labels,
    cluster: spec?.destination?.name,
    clusterUrl: spec?.destination?.server,
    namespace: spec?.destination?.namespace,
    sync: SYNC[status?.sync?.status ?? ''] ?? 'unknown',
    health: HEALTH[status?.health?.status ?? ''] ?? 'unknown',
    healthSince: toTime(status?.health?.lastTransitionTime),
    ...explainApplication(application),
    images: status?.summary?.images ?? [],
    // Of what runs: the status of the sync names the commit that it was compared with.
    revision:
      last?.revision ??
      last?.revisions[0] ??
      status?.sync?.revision ??
      status?.sync?.revisions[0],
    repository: withoutCredentials(source?.repoURL),
    drifted: status?.outOfSync.length ?? 0,
    operation: toOperation(application),
    past: toPast(application),
  };
}

function toOperation(application: CachedApplication): Operation | undefined {
  // Asked for, and not begun yet.
  if (application.operation) {
    return { phase: 'running' };
  }
  const state = application.status?.operationState;
  const phase = PHASE[state?.phase ?? ''];
  return phase && state
    ? {
        phase,
        message: state.message,
        startedAt: toTime(state.startedAt),
        finishedAt: toTime(state.finishedAt),
      }
    : undefined;
}

/** Argo CD remembers its last ten successes, and the last attempt. */
function toPast(application: CachedApplication): PastDeployment[] {
  const { status } = application;
  const past = (status?.history ?? []).flatMap((entry): PastDeployment[] => {
    const startedAt = toTime(entry.deployStartedAt ?? entry.deployedAt);
    return startedAt
      ? [
          {
            startedAt,
            finishedAt: toTime(entry.deployedAt),
            outcome: 'succeeded',
            revision: entry.revision ?? entry.revisions[0],
            initiator: toInitiator(entry.initiatedBy),
          },
        ]
      : [];
  });
  const attempt = status?.operationState;
  const images = status?.summary?.images ?? [];
  const last = past.at(-1);
  // What runs is what got there last, unless something is on its way.
  if (last && images.length > 0 && attempt?.phase === 'Succeeded') {
    past[past.length - 1] = { ...last, images };
  }

  const startedAt = toTime(attempt?.startedAt);
  const outcome = PHASE[attempt?.phase ?? ''];
  // A success that is no deployment, such as a sync of one object, is not in the history either.
  if (
    attempt &&
    startedAt &&
    outcome &&
    outcome !== 'succeeded' &&
    !past.some(entry => entry.startedAt === startedAt)
  ) {
    past.push({
      startedAt,
      finishedAt: toTime(attempt.finishedAt),
      outcome,
      revision:
        attempt.syncResult?.revision ??
        attempt.syncResult?.revisions[0] ??
        attempt.operation?.sync?.revision,
      message: attempt.message,
      initiator: toInitiator(attempt.operation?.initiatedBy),
    });
  }
  return past;
}

function toInitiator(
  initiatedBy:
    | { readonly username?: string; readonly automated?: boolean | null }
    | null
    | undefined,
): Initiator | undefined {
  return initiatedBy
    ? {
        name: initiatedBy.username,
        automated: initiatedBy.automated === true,
      }
    : undefined;
}

/** As an ISO 8601 time with milliseconds; undefined if it is none. */
function toTime(value: string | undefined): string | undefined {
  const time = value ? new Date(value) : undefined;
  return time && !Number.isNaN(time.getTime()) ? time.toISOString() : undefined;
}

function withoutCredentials(url: string | undefined): string | undefined {
  if (!url) {
    return undefined;
  }
  try {
    const parsed = new URL(url);
    parsed.username = '';
    parsed.password = '';
    return parsed.href;
  } catch {
    // `git@host:owner/name.git` is no URL, and holds no password.
    return url;
  }
}
