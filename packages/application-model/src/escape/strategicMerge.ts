import type { JsonValue } from '../output/unwrap';

/**
 * The key by which the items of a list are merged, by the name of the list. From the `x-kubernetes-patch-merge-key` of
 * Kubernetes 1.34 for what is compiled here; other lists are replaced.
 */
const MERGE_KEYS: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  env: ['name'],
  volumes: ['name'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  imagePullSecrets: ['name'],
  hostAliases: ['ip'],
  topologySpreadConstraints: ['topologyKey'],
  ports: ['containerPort', 'port'],
};

type JsonObject = { [key: string]: JsonValue };

/** Merges a patch as `kubectl patch --type strategic` does. Null removes a field; `$patch: delete` an item. */
export function strategicMerge(target: JsonValue, patch: JsonValue): JsonValue {
  if (!isObject(patch)) {
    return patch;
  }
  if (patch.$patch === 'replace') {
    const { $patch: _, ...rest } = patch;
    return rest;
  }
  const result: JsonObject = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (key === '$patch') {
      continue;
    }
    const current = Object.hasOwn(result, key) ? result[key] : undefined;
    if (value === null || (isObject(value) && value.$patch === 'delete')) {
      delete result[key];
    } else if (Array.isArray(value) && Array.isArray(current)) {
      result[key] = mergeLists(key, current, value);
    } else {
      result[key] = strategicMerge(current ?? {}, value);
    }
  }
  return result;
}

function mergeLists(
  name: string,
  current: readonly JsonValue[],
  patch: readonly JsonValue[],
): JsonValue[] {
  const keys = Object.hasOwn(MERGE_KEYS, name) ? MERGE_KEYS[name] : [];
  const key = keys.find(each =>
    [...current, ...patch].every(
      item => isObject(item) && (each in item || item.$patch === 'replace'),
    ),
  );
  const replaced = patch.some(
    item => isObject(item) && item.$patch === 'replace',
  );
  if (!key || replaced) {
    return patch.filter(item => !isObject(item) || item.$patch === undefined);
  }
  const result = [...current];
  for (const item of patch as JsonObject[]) {
    const index = result.findIndex(
      each => isObject(each) && each[key] === item[key],
    );
    if (item.$patch === 'delete') {
      if (index !== -1) {
        result.splice(index, 1);
      }
    } else if (index === -1) {
      result.push(item);
    } else {
      result[index] = strategicMerge(result[index], item);
    }
  }
  return result;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
