import type { ResourceRegistry } from '../resources/ResourceRegistry';
import type { ResourceType, Subresource } from '../resources/ResourceType';

/** What `GET /version` answers. */
export const VERSION_INFO = {
  major: '1',
  minor: '34',
  emulationMajor: '1',
  emulationMinor: '34',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '33',
  gitVersion: 'v1.34.1+waystone-sandbox',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: '',
};

/** `GET /api`. */
export function createApiVersions(serverAddress: string) {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
  };
}

/** `GET /apis`. */
export function createGroupList(registry: ResourceRegistry) {
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: registry
      .groups()
      .filter(({ group }) => group !== '')
      .map(({ group, versions }) => createGroup(group, versions)),
  };
}

/** `GET /apis/<group>`; undefined if no kind of the group is served. */
export function createSingleGroup(registry: ResourceRegistry, name: string) {
  const found = registry.groups().find(({ group }) => group === name);
  return found && name !== ''
    ? {
        kind: 'APIGroup',
        apiVersion: 'v1',
        ...createGroup(found.group, found.versions),
      }
    : undefined;
}

/** `GET /apis/<group>/<version>`; undefined if no kind of it is served. */
export function createResourceList(
  registry: ResourceRegistry,
  group: string,
  version: string,
) {
  const types = typesOf(registry, group, version);
  if (types.length === 0) {
    return undefined;
  }
  return {
    kind: 'APIResourceList',
    ...(group !== '' && { apiVersion: 'v1' }),
    groupVersion: group === '' ? version : `${group}/${version}`,
    resources: types.flatMap(type => [
      {
        name: type.plural,
        singularName: type.singular,
        namespaced: type.namespaced,
        kind: type.kind,
        verbs: type.verbs,
        ...(type.shortNames.length > 0 && { shortNames: type.shortNames }),
        ...(type.categories.length > 0 && { categories: type.categories }),
        ...(type.verbs.includes('list') && {
          storageVersionHash: hashOf(type),
        }),
      },
      ...type.subresources.map(subresource => ({
        name: `${type.plural}/${subresource.name}`,
        singularName: '',
        namespaced: type.namespaced,
        ...(subresource.group !== undefined && {
          group: subresource.group,
          version: subresource.version,
        }),
        kind: subresource.kind ?? type.kind,
        verbs: subresource.verbs,
      })),
    ]),
  };
}

/**
 * Aggregated discovery.
 *
 * @param core - whether for `/api` or for `/apis`
 */
export function createAggregatedDiscovery(
  registry: ResourceRegistry,
  core: boolean,
  version: 'v2' | 'v2beta1',
) {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: registry
      .groups()
      .filter(({ group }) => (group === '') === core)
      .map(({ group, versions }) => ({
        metadata: { creationTimestamp: null, ...(group && { name: group }) },
        versions: versions.map(name => ({
          version: name,
          resources: typesOf(registry, group, name).map(discoverType),
          freshness: 'Current',
        })),
      })),
  };
}

function discoverType(type: ResourceType) {
  return {
    resource: type.plural,
    responseKind: { group: type.group, version: type.version, kind: type.kind },
    scope: type.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: type.singular,
    verbs: type.verbs,
    ...(type.shortNames.length > 0 && { shortNames: type.shortNames }),
    ...(type.categories.length > 0 && { categories: type.categories }),
    ...(type.subresources.length > 0 && {
      subresources: type.subresources.map(subresource =>
        discoverSubresource(type, subresource),
      ),
    }),
  };
}

function discoverSubresource(type: ResourceType, subresource: Subresource) {
  return {
    subresource: subresource.name,
    responseKind: {
      group: subresource.group ?? type.group,
      version: subresource.version ?? type.version,
      kind: subresource.kind ?? type.kind,
    },
    verbs: subresource.verbs,
  };
}

function createGroup(name: string, versions: readonly string[]) {
  const entries = versions.map(version => ({
    groupVersion: `${name}/${version}`,
    version,
  }));
  return { name, versions: entries, preferredVersion: entries[0] };
}

function typesOf(
  registry: ResourceRegistry,
  group: string,
  version: string,
): readonly ResourceType[] {
  return [...registry.all()].filter(
    type => type.group === group && type.version === version,
  );
}

/** Eight bytes that are the same as long as the kind is stored in the same version. */
function hashOf(type: ResourceType): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(
    `${type.storageKind} ${type.storageApiVersion}`,
  )) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(hash);
  return bytes.toString('base64');
}
