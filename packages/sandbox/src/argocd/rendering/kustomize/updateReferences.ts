import { isJsonObject, stringAt } from '../Json';
import type { Json, JsonObject } from '../Json';
import { isClusterScoped } from '../clusterScopedKinds';
import { visitFields } from './FieldSpec';
import type { KustomizeResource } from './KustomizeResource';
import { REFERENCES } from './referenceFields';
import type { ReferenceFields } from './referenceFields';

/**
 * Writes the present names of resources to where others refer to them.
 *
 * @internal
 */
export function updateReferences(
  resources: readonly KustomizeResource[],
): void {
  for (const reference of REFERENCES) {
    const targets = resources.filter(
      resource =>
        resource.kind === reference.kind &&
        (!reference.group || resource.group === reference.group),
    );
    if (targets.length === 0) {
      continue;
    }
    for (const resource of resources) {
      visitFields(resource, reference.fields, (holder, field) => {
        holder[field] = rename(holder, field, resource, targets, reference);
      });
    }
  }
}

function rename(
  holder: JsonObject,
  field: string,
  referrer: KustomizeResource,
  targets: readonly KustomizeResource[],
  reference: ReferenceFields,
): Json {
  const value = holder[field];
  if (typeof value === 'string') {
    // A reference that names its kind, as scaleTargetRef and roleRef do, means that kind only.
    if (
      typeof holder.kind === 'string' &&
      holder.kind !== reference.kind &&
      field === 'name'
    ) {
      return value;
    }
    return find(value, referrer, targets)?.name ?? value;
  }
  if (Array.isArray(value)) {
    return value.map(item => {
      if (typeof item === 'string') {
        return find(item, referrer, targets)?.name ?? item;
      }
      return isJsonObject(item) && item.kind === reference.kind
        ? renameMapping(item, referrer, targets)
        : item;
    });
  }
  return isJsonObject(value) ? renameMapping(value, referrer, targets) : value;
}

/** An object with name and namespace: a subject of a binding, a webhook's service. */
function renameMapping(
  mapping: JsonObject,
  referrer: KustomizeResource,
  targets: readonly KustomizeResource[],
): JsonObject {
  const name = stringAt(mapping, 'name');
  const namespace = stringAt(mapping, 'namespace');
  const target =
    name === undefined ? undefined : find(name, referrer, targets, namespace);
  if (!target) {
    return mapping;
  }
  return {
    ...mapping,
    name: target.name,
    ...(target.namespace && { namespace: target.namespace }),
  };
}

function find(
  name: string,
  referrer: KustomizeResource,
  targets: readonly KustomizeResource[],
  namespace?: string,
): KustomizeResource | undefined {
  let candidates = targets.filter(target =>
    target
      .ids()
      .some(
        id =>
          id.name === name &&
          (namespace === undefined ||
            id.namespace === namespace ||
            id.namespace === ''),
      ),
  );
  if (
    namespace === undefined &&
    !isClusterScoped(referrer) &&
    candidates.some(candidate => !isClusterScoped(candidate))
  ) {
    candidates = candidates.filter(
      candidate =>
        isClusterScoped(candidate) ||
        (candidate.namespace || 'default') ===
          (referrer.namespace || 'default'),
    );
  }
  if (candidates.length > 1) {
    candidates = candidates.filter(candidate =>
      candidate.sharesAffixesWith(referrer),
    );
  }
  return new Set(candidates.map(candidate => candidate.name)).size === 1
    ? candidates[0]
    : undefined;
}
