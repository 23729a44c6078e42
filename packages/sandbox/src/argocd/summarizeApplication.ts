import { kubernetesTime, sourcesOf } from './ApplicationTypes';
import type {
  Application,
  ApplicationCondition,
  ApplicationStatus,
} from './ApplicationTypes';
import type { ComparisonResult } from './comparing/compareApplication';
import { resourceImages } from './resourceImages';

/**
 * The status that Argo CD writes after a comparison. The health of single resources is not in it: it is in the tree,
 * and the API puts it in.
 *
 * @internal
 */
export function summarizeApplication(
  application: Application,
  result: {
    readonly conditions: readonly ApplicationCondition[];
    readonly comparison?: ComparisonResult;
    readonly sync: ComparisonResult['sync'];
    readonly health: ComparisonResult['health'];
    readonly revisions?: readonly string[];
    readonly sourceType?: string;
  },
  controllerNamespace: string,
): ApplicationStatus {
  const before = application.status ?? {};
  const { spec } = application;
  const now = kubernetesTime();
  const several = (spec.sources?.length ?? 0) > 0;
  const revisions = result.revisions ?? [];
  const images = [
    ...new Set(
      (result.comparison?.compared ?? []).flatMap(({ live }) =>
        live ? resourceImages(live) : [],
      ),
    ),
  ].sort();
  const externalURLs = findUrls(result.comparison);
  const conditions = result.conditions.map(condition => ({
    ...condition,
    lastTransitionTime:
      before.conditions?.find(
        ({ type, message }) =>
          type === condition.type && message === condition.message,
      )?.lastTransitionTime ?? now,
  }));
  return {
    ...before,
    sync: {
      status: result.sync,
      ...(revisions.length > 0 &&
        (several ? { revisions } : { revision: revisions[0] })),
      comparedTo: {
        ...(several
          ? { sources: spec.sources }
          : { source: sourcesOf(spec)[0] ?? {} }),
        destination: spec.destination,
        ...(spec.ignoreDifferences && {
          ignoreDifferences: spec.ignoreDifferences,
        }),
      },
    },
    health: {
      status: result.health,
      lastTransitionTime:
        before.health?.status === result.health
          ? before.health.lastTransitionTime ?? now
          : now,
    },
    resources: [...(result.comparison?.resources ?? [])].sort((a, b) =>
      compare(
        `${a.group ?? ''}/${a.kind}/${a.namespace ?? ''}/${a.name}`,
        `${b.group ?? ''}/${b.kind}/${b.namespace ?? ''}/${b.name}`,
      ),
    ),
    summary: {
      ...(images.length > 0 && { images }),
      ...(externalURLs.length > 0 && { externalURLs }),
    },
    conditions: conditions.length > 0 ? conditions : undefined,
    reconciledAt: now,
    ...(result.sourceType && { sourceType: result.sourceType }),
    controllerNamespace,
    resourceHealthSource: 'appTree',
  };
}

function findUrls(comparison: ComparisonResult | undefined): string[] {
  const urls = (comparison?.compared ?? []).flatMap(({ live }) => {
    if (live?.kind !== 'Ingress') {
      return [];
    }
    const spec = live.spec as {
      rules?: { host?: string; http?: { paths?: { path?: string }[] } }[];
      tls?: { hosts?: string[] }[];
    };
    return (spec.rules ?? []).flatMap(({ host, http }) => {
      const secure = spec.tls?.some(
        ({ hosts }) => !hosts || hosts.includes(host ?? ''),
      );
      return host
        ? (http?.paths ?? [{}]).map(
            ({ path = '' }) =>
              `${secure ? 'https' : 'http'}://${host}${path.replace(
                /\*$/,
                '',
              )}`,
          )
        : [];
    });
  });
  return [...new Set(urls)].sort();
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
