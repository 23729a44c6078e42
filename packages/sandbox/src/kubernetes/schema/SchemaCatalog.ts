import { formatApiVersion } from '../resources/ResourceType';
import type { ResourceType } from '../resources/ResourceType';
import { existsSync } from 'node:fs';
import { contractFile, readContract } from './contractsFolder';
import type { JsonSchema, KindSchema } from './JsonSchema';

const PREFIX = '#/components/schemas/';
const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
/** The smallest document that describes metadata. */
const METADATA_DOCUMENT = 'apis_authentication.k8s.io_v1';

interface SchemaDocument {
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  readonly kinds: ReadonlyMap<string, JsonSchema>;
}

/** Documents of built-in groups by name, shared by all clusters. */
const documents = new Map<string, SchemaDocument>();
const customSchemas = new WeakMap<ResourceType, KindSchema>();

/** The schema of a kind, read from disk on first use. */
export function findSchema(type: ResourceType): KindSchema {
  if (!type.custom) {
    return builtInSchema(type);
  }
  let schema = customSchemas.get(type);
  if (!schema) {
    schema = customSchema(type.custom.schema);
    customSchemas.set(type, schema);
  }
  return schema;
}

/** The name of the document of a group and version, without its ending: `apis_apps_v1`. */
export function documentName(group: string, version: string): string {
  return group === '' ? `api_${version}` : `apis_${group}_${version}`;
}

function builtInSchema(type: ResourceType): KindSchema {
  const document = readDocument(documentName(type.group, type.version));
  const root = document.kinds.get(`${formatApiVersion(type)} ${type.kind}`);
  return {
    root: root ?? {},
    custom: false,
    resolve: schema => resolveIn(document, schema),
  };
}

function customSchema(schema: JsonSchema): KindSchema {
  const metadataDocument = readDocument(METADATA_DOCUMENT);
  return {
    root: {
      ...schema,
      properties: {
        ...schema.properties,
        apiVersion: { type: 'string' },
        kind: { type: 'string' },
        metadata: { allOf: [{ $ref: PREFIX + OBJECT_META }], default: {} },
      },
    },
    custom: true,
    resolve: part => resolveIn(metadataDocument, part),
  };
}

function resolveIn(document: SchemaDocument, schema: JsonSchema): JsonSchema {
  const reference =
    schema.$ref ??
    (schema.allOf?.length === 1 ? schema.allOf[0].$ref : undefined);
  if (reference === undefined) {
    return schema;
  }
  return document.schemas[reference.slice(PREFIX.length)] ?? schema;
}

function readDocument(name: string): SchemaDocument {
  const known = documents.get(name);
  if (known) {
    return known;
  }
  const schemas: Readonly<Record<string, JsonSchema>> = existsSync(
    contractFile('openapi', `${name}.json`),
  )
    ? readContract<any>('openapi', `${name}.json`).components.schemas
    : {};
  const kinds = new Map<string, JsonSchema>();
  for (const schema of Object.values(schemas)) {
    for (const gvk of (schema as any)['x-kubernetes-group-version-kind'] ??
      []) {
      kinds.set(`${formatApiVersion(gvk)} ${gvk.kind}`, schema);
    }
  }
  const document = { schemas, kinds };
  documents.set(name, document);
  return document;
}
