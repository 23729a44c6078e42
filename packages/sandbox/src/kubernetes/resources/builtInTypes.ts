import { BUILT_IN_KINDS } from './builtInKinds';
import type { BuiltInKind } from './builtInKinds';
import type { ResourceType, ScalePaths, Subresource } from './ResourceType';

const ALL_VERBS = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];
const STATUS: Subresource = {
  name: 'status',
  verbs: ['get', 'patch', 'update'],
};
const SCALE: Subresource = {
  name: 'scale',
  verbs: ['get', 'patch', 'update'],
  group: 'autoscaling',
  version: 'v1',
  kind: 'Scale',
};
const SCALE_PATHS: ScalePaths = {
  specReplicasPath: '.spec.replicas',
  statusReplicasPath: '.status.replicas',
  labelSelectorPath: '.spec.selector',
};

/** The kinds that every cluster serves. */
export function createBuiltInTypes(): readonly ResourceType[] {
  return BUILT_IN_KINDS.map(createType);
}

function createType(entry: BuiltInKind): ResourceType {
  const [group, version] = entry.groupVersion;
  const storage = entry.storage ?? entry.groupVersion;
  const subresources: Subresource[] = [];
  for (const option of entry.subresources ?? []) {
    if (option === 'status') {
      subresources.push(STATUS);
    } else if (option === 'scale') {
      subresources.push(SCALE);
    } else {
      subresources.push(option);
    }
  }
  return {
    group,
    version,
    kind: entry.kind,
    listKind: `${entry.kind}List`,
    plural: entry.plural,
    singular: entry.kind.toLowerCase(),
    shortNames: entry.shortNames ?? [],
    categories: entry.categories ?? [],
    namespaced: entry.namespaced ?? false,
    verbs: entry.verbs ?? ALL_VERBS,
    subresources,
    storageKind: `${storage[0]}/${entry.kind}`,
    storageApiVersion: storage[0] ? storage.join('/') : storage[1],
    hasGeneration: entry.hasGeneration ?? false,
    hasStatus: subresources.includes(STATUS),
    scale: subresources.includes(SCALE) ? SCALE_PATHS : undefined,
  };
}
