import type { KubernetesObject } from '../kubernetes/KubernetesCluster';
import type { Application, ApplicationCondition } from './ApplicationTypes';
import type { ComparisonResult } from './comparing/compareApplication';
import type { Destination } from './Destinations';
import type { LiveState } from './live/LiveState';
import { keyOf } from './live/ResourceKey';
import { matchesName } from './rendering/matchesGlob';

/** What every namespace has. */
const ALWAYS_THERE = [
  ['', 'ServiceAccount', 'default'],
  ['', 'ConfigMap', 'kube-root-ca.crt'],
];

/** The objects in an Application's namespace that no Application owns, if its project asks for them. @internal */
export function orphansOf(
  project: KubernetesObject,
  application: Application,
  destination: Destination,
  live: LiveState,
): KubernetesObject[] {
  const rules = project.spec?.orphanedResources;
  const { namespace } = application.spec.destination;
  if (!rules || !namespace) {
    return [];
  }
  return live.inNamespace(destination.cluster, namespace).filter(object => {
    const { group, kind, name } = keyOf(object);
    const ignored: readonly {
      group?: string;
      kind?: string;
      name?: string;
    }[] = rules.ignore ?? [];
    return (
      !object.metadata.ownerReferences?.length &&
      live.instanceOf(destination.cluster, object) === undefined &&
      !ALWAYS_THERE.some(
        ([g, k, n]) => g === group && k === kind && n === name,
      ) &&
      !ignored.some(
        rule =>
          matchesName(rule.group || '*', group) &&
          matchesName(rule.kind || '*', kind) &&
          matchesName(rule.name || '*', name),
      )
    );
  });
}

/** The warning about them. @internal */
export function findOrphans(
  project: KubernetesObject,
  application: Application,
  destination: Destination,
  live: LiveState,
  comparison: ComparisonResult,
): ApplicationCondition[] {
  if (project.spec?.orphanedResources?.warn === false) {
    return [];
  }
  const managed = new Set(
    comparison.compared.map(({ live: object }) => object?.metadata.uid),
  );
  const { length } = orphansOf(project, application, destination, live).filter(
    ({ metadata }) => !managed.has(metadata.uid),
  );
  return length > 0
    ? [
        {
          type: 'OrphanedResourceWarning',
          message: `Application has ${length} orphaned resources`,
        },
      ]
    : [];
}
