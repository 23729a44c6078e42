import { isJsonObject } from '../Json';
import type { Json, JsonObject } from '../Json';

/** By which field the items of a list of this name are told apart, in built-in kinds. */
const MERGE_KEYS: Record<string, readonly string[]> = {
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  volumes: ['name'],
  env: ['name'],
  ports: ['containerPort', 'port'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  imagePullSecrets: ['name'],
  secrets: ['name'],
  hostAliases: ['ip'],
  topologySpreadConstraints: ['topologyKey'],
  conditions: ['type'],
  ownerReferences: ['uid'],
  resourceClaims: ['name'],
  claims: ['name'],
  schedulingGates: ['name'],
  webhooks: ['name'],
  matchConditions: ['name'],
};

/** Lists of plain values that are united. */
const SETS = ['finalizers'];

const BUILT_IN_GROUPS =
  /^(|apps|batch|autoscaling|policy|extensions|[a-z.]+\.k8s\.io)$/;

/** Whether lists of a group's kinds are merged by key: those of custom resources are replaced. @internal */
export function hasMergeKeys(group: string): boolean {
  return BUILT_IN_GROUPS.test(group);
}

/**
 * A strategic merge patch: objects are merged, `null` deletes, lists are merged by key, and `$patch` says otherwise.
 *
 * @param mergeLists - false for kinds without a known schema
 * @returns undefined if the patch deletes it
 * @internal
 */
export function mergeStrategically(
  target: JsonObject,
  patch: JsonObject,
  mergeLists: boolean,
): JsonObject | undefined {
  const directive = patch.$patch;
  if (directive === 'delete') {
    return undefined;
  }
  if (directive === 'replace') {
    return withoutDirectives(patch) as JsonObject;
  }
  const result: JsonObject = { ...target };
  for (const [field, value] of Object.entries(patch)) {
    if (field.startsWith('$')) {
      applyListDirective(result, field, value);
    } else if (value === null) {
      delete result[field];
    } else if (isJsonObject(value)) {
      const current = result[field];
      const merged = mergeStrategically(
        isJsonObject(current) ? current : {},
        value,
        mergeLists,
      );
      if (merged === undefined) {
        delete result[field];
      } else {
        result[field] = merged;
      }
    } else if (Array.isArray(value)) {
      const merged = mergeList(field, result[field], value, mergeLists);
      if (merged === undefined) {
        delete result[field];
      } else {
        result[field] = merged;
      }
    } else {
      result[field] = value;
    }
  }
  return result;
}

function applyListDirective(result: JsonObject, field: string, value: Json) {
  const [, list] = /^\$deleteFromPrimitiveList\/(.+)$/.exec(field) ?? [];
  const current = list === undefined ? undefined : result[list];
  if (list !== undefined && Array.isArray(current) && Array.isArray(value)) {
    result[list] = current.filter(item => !value.includes(item));
  }
}

function mergeList(
  field: string,
  current: Json | undefined,
  patch: Json[],
  mergeLists: boolean,
): Json[] | undefined {
  const replace = patch.some(
    item => isJsonObject(item) && item.$patch === 'replace',
  );
  const key =
    mergeLists && !replace ? findKey(field, current, patch) : undefined;
  if (key === undefined) {
    const united =
      mergeLists && !replace && SETS.includes(field) && Array.isArray(current)
        ? [...new Set([...patch, ...current])]
        : patch.filter(item => !isDirectiveOnly(item));
    return united.map(item => withoutDirectives(item));
  }

  // What the patch names comes first, in its order, as kustomize does it.
  const rest: Json[] = Array.isArray(current) ? [...current] : [];
  const merged: Json[] = [];
  for (const item of patch.filter(isJsonObject)) {
    const index = rest.findIndex(
      other => isJsonObject(other) && matches(other, item, field, key),
    );
    const [before] = index < 0 ? [{}] : rest.splice(index, 1);
    const after = mergeStrategically(before as JsonObject, item, mergeLists);
    if (after !== undefined) {
      merged.push(after);
    }
  }
  const all = [...merged, ...rest];
  return all.length > 0 ? all : undefined;
}

function findKey(
  field: string,
  current: Json | undefined,
  patch: Json[],
): string | undefined {
  const items = [...(Array.isArray(current) ? current : []), ...patch];
  return MERGE_KEYS[field]?.find(
    key =>
      items.length > 0 &&
      items.every(item => isJsonObject(item) && item[key] !== undefined),
  );
}

function matches(
  item: JsonObject,
  patch: JsonObject,
  field: string,
  key: string,
): boolean {
  if (item[key] !== patch[key]) {
    return false;
  }
  // Ports of the same number are told apart by their protocol.
  return (
    field !== 'ports' ||
    patch.protocol === undefined ||
    (item.protocol ?? 'TCP') === patch.protocol
  );
}

function isDirectiveOnly(item: Json): boolean {
  return (
    isJsonObject(item) && Object.keys(item).length === 1 && '$patch' in item
  );
}

function withoutDirectives(value: Json): Json {
  if (Array.isArray(value)) {
    return value.map(withoutDirectives);
  }
  if (!isJsonObject(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([field, item]) => !field.startsWith('$') && item !== null)
      .map(([field, item]) => [field, withoutDirectives(item)]),
  );
}
