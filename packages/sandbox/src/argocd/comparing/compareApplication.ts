import type {
  KubernetesCluster,
  KubernetesObject,
} from '../../kubernetes/KubernetesCluster';
import type {
  Application,
  HealthCode,
  ResourceStatus,
} from '../ApplicationTypes';
import { resourceHealth, worseHealth } from '../health/resourceHealth';
import type { LiveState } from '../live/LiveState';
import { keyOf, keyText, refOf, versionOf } from '../live/ResourceKey';
import { stableStringify } from '../rendering/Json';
import type { JsonObject } from '../rendering/Json';
import { annotationsOf, hookTypes, syncWave } from '../sync/SyncTask';
import { compareResource } from './compareResource';
import type { ResourceDifference } from './compareResource';

/** One object of an Application: as Git has it, as the cluster has it, and how they differ. @internal */
export interface ComparedResource {
  readonly target?: JsonObject;
  readonly live?: KubernetesObject;
  readonly modified: boolean;
  readonly difference?: ResourceDifference;
  readonly hook: boolean;
}

/** How an Application stands. @internal */
export interface ComparisonResult {
  readonly sync: 'Synced' | 'OutOfSync' | 'Unknown';
  readonly health: HealthCode;
  readonly compared: readonly ComparedResource[];
  readonly resources: readonly ResourceStatus[];
}

/** What was found for one object, and for which state of it. @internal */
export type ComparisonMemory = Map<
  string,
  { readonly state: string; readonly difference: ResourceDifference }
>;

/**
 * Compares everything that an Application has in Git with everything that is marked as its own in the cluster.
 *
 * @param targets - undefined if Git could not be read: then nothing can be said
 * @param memory - what is the same as the last time is not compared again
 * @internal
 */
export function compareApplication(options: {
  application: Application;
  cluster: KubernetesCluster;
  instance: string;
  live: LiveState;
  targets: readonly JsonObject[] | undefined;
  memory: ComparisonMemory;
}): ComparisonResult {
  const { application, cluster, instance, live, targets, memory } = options;
  const unmatched = new Map(live.managed(cluster, instance));
  const compared: ComparedResource[] = [];
  for (const target of targets ?? []) {
    const key = keyText(keyOf(target));
    const object = unmatched.get(key) ?? find(cluster, target);
    unmatched.delete(key);
    const difference =
      object && compareOnce(key, target, object, cluster, application, memory);
    compared.push({
      target,
      live: object,
      difference,
      modified: difference?.modified ?? true,
      hook: false,
    });
  }
  for (const object of unmatched.values()) {
    // What an owner has copied its annotations to is not the Application's own.
    if (!object.metadata.ownerReferences?.some(owner => owner.controller)) {
      const hook = hookTypes(object).length > 0;
      compared.push({ live: object, modified: !hook, hook });
    }
  }
  return summarize(compared, targets !== undefined);
}

function find(
  cluster: KubernetesCluster,
  target: JsonObject,
): KubernetesObject | undefined {
  return cluster.serves({
    apiVersion: String(target.apiVersion),
    kind: String(target.kind),
  })
    ? cluster.get(refOf(target))
    : undefined;
}

function compareOnce(
  key: string,
  target: JsonObject,
  live: KubernetesObject,
  cluster: KubernetesCluster,
  application: Application,
  memory: ComparisonMemory,
): ResourceDifference {
  const { ignoreDifferences } = application.spec;
  const state = stableStringify([
    live.metadata.uid,
    live.metadata.resourceVersion,
    target,
    ignoreDifferences ?? null,
  ]);
  const known = memory.get(key);
  if (known?.state === state) {
    return known.difference;
  }
  const difference = compareResource(cluster, target, live, ignoreDifferences);
  memory.set(key, { state, difference });
  return difference;
}

function summarize(
  compared: readonly ComparedResource[],
  loaded: boolean,
): ComparisonResult {
  let sync: ComparisonResult['sync'] = 'Synced';
  let health: HealthCode = 'Healthy';
  let expected = false;
  let running = false;
  const resources = compared.map((item): ResourceStatus => {
    const object = (item.target ?? item.live)!;
    const { group, kind, namespace, name } = keyOf(object);
    const extra = item.target === undefined && !item.hook;
    const outOfSync =
      !item.hook && (item.modified || extra || item.live === undefined);
    if (outOfSync && !(extra && isExtraneousIgnored(object))) {
      sync = 'OutOfSync';
    }
    if (!item.hook) {
      expected = true;
      running ||= item.live !== undefined;
      health = item.live ? addHealth(health, item.live) : health;
    }
    const wave = syncWave(object);
    return {
      ...(group && { group }),
      version: versionOf(String(object.apiVersion)),
      kind,
      ...(namespace && { namespace }),
      name,
      ...(!item.hook && { status: statusOf(outOfSync, loaded) }),
      ...(item.hook && { hook: true }),
      ...(extra && loaded && { requiresPruning: true }),
      ...(wave !== 0 && { syncWave: wave }),
    };
  });
  if (expected && !running) {
    health = worseHealth(health, 'Missing');
  }
  return { sync: loaded ? sync : 'Unknown', health, compared, resources };
}

function statusOf(
  outOfSync: boolean,
  loaded: boolean,
): NonNullable<ResourceStatus['status']> {
  if (!loaded) {
    return 'Unknown';
  }
  return outOfSync ? 'OutOfSync' : 'Synced';
}

function isExtraneousIgnored(object: JsonObject | KubernetesObject): boolean {
  return (
    annotationsOf(object)['argocd.argoproj.io/compare-options'] ?? ''
  ).includes('IgnoreExtraneous');
}

function addHealth(health: HealthCode, live: KubernetesObject): HealthCode {
  const status =
    live.metadata.annotations?.['argocd.argoproj.io/ignore-healthcheck'] ===
    'true'
      ? undefined
      : resourceHealth(live)?.status;
  return status ? worseHealth(health, status) : health;
}
