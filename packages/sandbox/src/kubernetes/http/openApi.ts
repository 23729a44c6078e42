import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { ResourceRegistry } from '../resources/ResourceRegistry';
import type { ResourceType } from '../resources/ResourceType';
import { contractFile, readContract } from '../schema/contractsFolder';
import { documentName } from '../schema/SchemaCatalog';
import { createPaths } from './openApiPaths';

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.';
/** The smallest document that describes metadata. */
const METADATA_DOCUMENT = 'apis_authentication.k8s.io_v1';

/** `GET /openapi/v3`: where the documents are, each with a hash that changes with it. */
export function createOpenApiIndex(
  registry: ResourceRegistry,
  root: string,
): Record<string, unknown> {
  const paths: Record<string, { serverRelativeURL: string }> = {};
  for (const { group, versions } of registry.groups()) {
    for (const version of versions) {
      const name = group === '' ? `api/${version}` : `apis/${group}/${version}`;
      paths[name] = {
        serverRelativeURL: `${root}/openapi/v3/${name}?hash=${hashOf(
          registry,
          group,
          version,
        )}`,
      };
    }
  }
  return { paths };
}

/** The document of a group and version as JSON text; undefined if nothing of it is served. */
export function findOpenApiDocument(
  registry: ResourceRegistry,
  group: string,
  version: string,
): string | Buffer | undefined {
  const types = typesOf(registry, group, version);
  if (types.length === 0) {
    return undefined;
  }
  const file = contractFile('openapi', `${documentName(group, version)}.json`);
  if (types.every(type => !type.custom) && existsSync(file)) {
    const text = readFileSync(file);
    const { paths, ...document } = JSON.parse(text.toString('utf8'));
    return paths
      ? text
      : JSON.stringify({ ...document, paths: createPaths(types, schemaName) });
  }
  return JSON.stringify(createDocument(types));
}

function createDocument(types: readonly ResourceType[]) {
  const metadata = readContract<any>('openapi', `${METADATA_DOCUMENT}.json`);
  const schemas: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(metadata.components.schemas)) {
    if (name.startsWith('io.k8s.apimachinery.')) {
      schemas[name] = schema;
    }
  }
  for (const type of types) {
    const gvk = [{ group: type.group, version: type.version, kind: type.kind }];
    const schema = type.custom?.schema ?? {};
    schemas[schemaName(type)] = {
      ...schema,
      type: 'object',
      properties: {
        ...schema.properties,
        apiVersion: metadata.components.schemas[`${META}ObjectMeta`] && {
          type: 'string',
          description:
            'APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources',
        },
        kind: {
          type: 'string',
          description:
            'Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds',
        },
        metadata: {
          description:
            "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
          allOf: [{ $ref: `#/components/schemas/${META}ObjectMeta` }],
        },
      },
      'x-kubernetes-group-version-kind': gvk,
    };
    schemas[`${schemaName(type)}List`] = {
      description: `${type.listKind} is a list of ${type.kind}`,
      type: 'object',
      required: ['items'],
      properties: {
        apiVersion: { type: 'string' },
        kind: { type: 'string' },
        metadata: {
          allOf: [{ $ref: `#/components/schemas/${META}ListMeta` }],
        },
        items: {
          type: 'array',
          items: {
            allOf: [{ $ref: `#/components/schemas/${schemaName(type)}` }],
          },
        },
      },
      'x-kubernetes-group-version-kind': [{ ...gvk[0], kind: type.listKind }],
    };
  }
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes CRD Swagger', version: 'v0.1.0' },
    paths: createPaths(types, schemaName),
    components: { schemas },
  };
}

/** The name that a custom resource's schema gets: the group reversed, version, kind. */
function schemaName(type: ResourceType): string {
  return type.custom
    ? [...type.group.split('.').reverse(), type.version, type.kind].join('.')
    : `io.k8s.api.${type.group.split('.')[0]}.${type.version}.${type.kind}`;
}

function hashOf(
  registry: ResourceRegistry,
  group: string,
  version: string,
): string {
  const hash = createHash('sha256');
  for (const type of typesOf(registry, group, version)) {
    // A changed definition makes new types; their identity is enough, without reading their schemas.
    hash.update(`${type.plural} ${identityOf(type)}\n`);
  }
  return hash.digest('hex').slice(0, 32).toUpperCase();
}

const identities = new WeakMap<object, number>();
let nextIdentity = Date.now();

function identityOf(type: ResourceType): number {
  if (!type.custom) {
    return 0;
  }
  let identity = identities.get(type);
  if (identity === undefined) {
    nextIdentity += 1;
    identity = nextIdentity;
    identities.set(type, identity);
  }
  return identity;
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
