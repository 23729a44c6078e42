import type { KubernetesObject } from '../../kubernetes/KubernetesCluster';
import type { Application } from '../ApplicationTypes';
import { matchesName } from '../rendering/matchesGlob';
import { CronSchedule } from './CronSchedule';
import { parseDuration } from './parseDuration';

/** A window of an AppProject. @internal */
export interface SyncWindow {
  readonly kind: 'allow' | 'deny';
  readonly schedule: string;
  readonly duration: string;
  readonly applications?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly clusters?: readonly string[];
  readonly manualSync?: boolean;
  readonly timeZone?: string;
  readonly andOperator?: boolean;
}

/** The windows of a project that are for an Application. @internal */
export function windowsOf(
  project: KubernetesObject | undefined,
  application: Application,
): readonly SyncWindow[] {
  const windows: readonly SyncWindow[] = project?.spec?.syncWindows ?? [];
  const { name, server, namespace } = application.spec.destination;
  return windows.filter(window => {
    const fits = (
      globs: readonly string[] | undefined,
      values: readonly (string | undefined)[],
    ) =>
      globs && globs.length > 0
        ? globs.some(glob =>
            values.some(
              value => value !== undefined && matchesName(glob, value),
            ),
          )
        : undefined;
    const results = [
      fits(window.applications, [application.metadata.name]),
      fits(window.clusters, [name, server]),
      fits(window.namespaces, [namespace]),
    ].filter(result => result !== undefined);
    return window.andOperator
      ? results.length > 0 && results.every(Boolean)
      : results.some(Boolean);
  });
}

/** The windows that are open now. @internal */
export function activeWindows(
  windows: readonly SyncWindow[],
  now = new Date(),
): readonly SyncWindow[] {
  return windows.filter(window =>
    new CronSchedule(window.schedule, window.timeZone || 'UTC').firedWithin(
      now,
      parseDuration(window.duration),
    ),
  );
}

/**
 * Whether the windows let a sync pass: a deny that is open forbids; where there are allows, one must be open.
 *
 * @internal
 */
export function canSync(
  windows: readonly SyncWindow[],
  manual: boolean,
  now = new Date(),
): boolean {
  const active = activeWindows(windows, now);
  const denies = active.filter(({ kind }) => kind === 'deny');
  if (denies.length > 0) {
    return manual && denies.every(({ manualSync }) => manualSync);
  }
  if (active.some(({ kind }) => kind === 'allow')) {
    return true;
  }
  const closed = windows.filter(({ kind }) => kind === 'allow');
  return (
    closed.length === 0 ||
    (manual && closed.every(({ manualSync }) => manualSync))
  );
}
