import type { KubernetesCluster } from '../kubernetes/KubernetesCluster';
import { REFRESH_ANNOTATION } from './ApplicationTypes';
import type {
  Application,
  ApplicationCondition,
  ApplicationStatus,
} from './ApplicationTypes';
import type { ComparisonResult } from './comparing/compareApplication';
import { refOf } from './live/ResourceKey';
import { mergePatchBetween } from './mergePatchBetween';
import { summarizeApplication } from './summarizeApplication';

/** What a comparison has found. @internal */
export interface ComparisonOutcome {
  readonly conditions: readonly ApplicationCondition[];
  readonly comparison?: ComparisonResult;
  readonly sync: ComparisonResult['sync'];
  readonly health: ComparisonResult['health'];
  readonly revisions?: readonly string[];
  readonly sourceType?: string;
  /** Whether Git was asked too, so that a requested refresh is done. */
  readonly refreshed: boolean;
}

/** Writes the outcome to the Application, if anything is different, and tells of it with events. @internal */
export function saveStatus(
  { home, namespace }: { home: KubernetesCluster; namespace: string },
  application: Application | undefined,
  outcome: ComparisonOutcome,
): void {
  if (!application) {
    return;
  }
  const before: ApplicationStatus = application.status ?? {};
  const after = summarizeApplication(application, outcome, namespace);
  const refresh = application.metadata.annotations?.[REFRESH_ANNOTATION];
  const done = refresh !== undefined && outcome.refreshed;
  const patch = mergePatchBetween(
    { status: before },
    JSON.parse(JSON.stringify({ status: after })),
  );
  const onlyTime =
    patch !== undefined &&
    Object.keys(patch.status as object).join() === 'reconciledAt';
  if ((patch && !(onlyTime && !outcome.refreshed)) || done) {
    home.patch(refOf(application), {
      ...patch,
      ...(done && {
        metadata: { annotations: { [REFRESH_ANNOTATION]: null } },
      }),
    });
  }
  for (const [what, from, to] of [
    ['sync', before.sync?.status ?? '', after.sync?.status],
    ['health', before.health?.status ?? '', after.health?.status],
  ] as const) {
    if (from !== to) {
      home.recordEvent({
        regarding: application,
        type: 'Normal',
        reason: 'ResourceUpdated',
        message: `Updated ${what} status: ${from} -> ${to}`,
        component: 'argocd-application-controller',
      });
    }
  }
}
