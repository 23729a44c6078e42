import type { KubernetesObject } from '../KubernetesCluster';
import { fromStorage } from '../resources/convertVersion';
import type { ResourceType } from '../resources/ResourceType';
import { parseFieldSelector, parseLabelSelector } from '../resources/selectors';
import type { Matcher } from '../resources/selectors';
import type { ObjectStore } from '../store/ObjectStore';
import { lowerBound } from '../store/ObjectTable';
import { expired } from '../write/statusErrors';
import {
  continueExpired,
  formatToken,
  parseRevision,
  tooLargeRevision,
} from './listOptions';
import type { ListOptions } from './listOptions';

/** A page of objects. @internal */
export interface ObjectPage {
  readonly revision: number;
  readonly objects: readonly KubernetesObject[];
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** What label and field selectors ask for together. */
export function createMatcher(
  type: ResourceType,
  options: Pick<ListOptions, 'labelSelector' | 'fieldSelector'>,
): Matcher {
  const matchesLabels = parseLabelSelector(options.labelSelector);
  const matchesFields = parseFieldSelector(options.fieldSelector, type);
  return object => matchesLabels(object) && matchesFields(object);
}

/** Lists objects, from one revision over all pages. */
export function listObjects(
  store: ObjectStore,
  type: ResourceType,
  namespace: string | undefined,
  options: ListOptions,
): ObjectPage {
  const table = store.table(type.storageKind);
  const matches = createMatcher(type, options);
  const { revision, before } = findRevision(store, type, options);
  const prefix = namespace ? `${namespace}/` : '';
  const keys = keysAt(table, prefix, before);
  const after = options.continue?.after;
  let index = after === undefined ? 0 : lowerBound(keys, `${after}\0`);
  const limit =
    options.resourceVersion === '0' && !options.continue ? 0 : options.limit;
  const objects: KubernetesObject[] = [];
  let last = '';
  for (; index < keys.length; index += 1) {
    if (limit > 0 && objects.length === limit) {
      break;
    }
    const key = keys[index];
    const stored = before?.has(key) ? before.get(key) : table.get(key);
    const object = stored && fromStorage(type, stored);
    if (object && matches(object)) {
      objects.push(object);
    }
    last = key;
  }
  if (index >= keys.length) {
    return { revision, objects };
  }
  const selects = options.labelSelector || options.fieldSelector;
  return {
    revision,
    objects,
    continue: formatToken({ revision, after: last }),
    ...(!selects && { remainingItemCount: keys.length - index }),
  };
}

function findRevision(
  store: ObjectStore,
  type: ResourceType,
  options: ListOptions,
): {
  revision: number;
  before?: ReadonlyMap<string, KubernetesObject | undefined>;
} {
  const table = store.table(type.storageKind);
  const current = { revision: store.revision };
  if (options.continue) {
    if (options.continue.revision === -1) {
      return current;
    }
    const before = table.changesBackTo(options.continue.revision);
    if (!before) {
      throw continueExpired(options.continue.after);
    }
    return { revision: options.continue.revision, before };
  }
  if (!options.resourceVersion) {
    return current;
  }
  const wanted = parseRevision(options.resourceVersion);
  if (wanted > store.revision) {
    throw tooLargeRevision(wanted, store.revision);
  }
  const exact =
    options.resourceVersionMatch === 'Exact' ||
    (!options.resourceVersionMatch && options.limit > 0 && wanted > 0);
  if (!exact) {
    return current;
  }
  const before = table.changesBackTo(wanted);
  if (!before) {
    throw expired(`The resourceVersion for the provided list is too old.`);
  }
  return { revision: wanted, before };
}

/** The keys that existed at an earlier revision, too. */
function keysAt(
  table: ReturnType<ObjectStore['table']>,
  prefix: string,
  before: ReadonlyMap<string, KubernetesObject | undefined> | undefined,
): readonly string[] {
  const { start, end } = table.range(prefix);
  const keys = table.keys().slice(start, end);
  if (!before || before.size === 0) {
    return keys;
  }
  const missing = [...before].filter(
    ([key, object]) => object && key.startsWith(prefix) && !table.get(key),
  );
  const existed = keys.filter(
    key => !before.has(key) || before.get(key) !== undefined,
  );
  return missing.length === 0
    ? existed
    : [...existed, ...missing.map(([key]) => key)].sort((left, right) =>
        left < right ? -1 : 1,
      );
}
