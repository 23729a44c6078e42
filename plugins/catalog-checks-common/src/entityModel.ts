import {
  compileCatalogModel,
  defaultCatalogEntityModel,
} from '@backstage/catalog-model/alpha';
import Ajv from 'ajv';
import type { ValidateFunction } from 'ajv';

/** A field that names other entities. */
export interface ReferenceField {
  /** Such as `['spec', 'owner']`. */
  readonly path: readonly string[];
  readonly relation: string;
  readonly defaultKind?: string;
  readonly allowedKinds?: readonly string[];
}

/** What the catalog expects of entities of a kind. */
export interface EntityKind {
  readonly validate: ValidateFunction;
  readonly references: readonly ReferenceField[];
}

// Backstage marks its model as alpha: this file is all that knows it.
const model = compileCatalogModel([defaultCatalogEntityModel]);
const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, strict: false });
const compiled = new Map<string, EntityKind>();

/** The version that every kind has. */
export const COMMON_API_VERSION = 'backstage.io/v1alpha1';

/** The kinds that Backstage's catalog knows by itself. @public */
export const knownKinds: readonly string[] = model
  .listKinds()
  .map(({ names }) => names.kind);

/** Kinds that plugins bring, whose fields are not checked here. @public */
export const foreignKinds: readonly string[] = ['Template', 'AiResource'];

/** The JSON Schema of a kind, for editors; undefined if there is none. */
export function schemaOfKind(kind: string): object | undefined {
  return findModel(kind, COMMON_API_VERSION)?.jsonSchema;
}

/** Undefined if the kind has no such version, or there is no such kind. */
export function findEntityKind(
  kind: string,
  apiVersion: string,
): EntityKind | undefined {
  const key = `${apiVersion} ${kind}`;
  const known = compiled.get(key);
  if (known) {
    return known;
  }
  const found = findModel(kind, apiVersion);
  if (!found) {
    return undefined;
  }
  const { $id: _, ...schema } = found.jsonSchema as Record<string, unknown>;
  const entityKind: EntityKind = {
    validate: ajv.compile(schema),
    references: (found.relationFields ?? []).map(field => ({
      path: field.path.split('.'),
      relation: field.relation,
      defaultKind: field.defaultKind,
      allowedKinds: field.allowedKinds,
    })),
  };
  compiled.set(key, entityKind);
  return entityKind;
}

function findModel(kind: string, apiVersion: string) {
  try {
    return model.getKind({ kind, apiVersion });
  } catch {
    // The kind exists, but not in this version
    return undefined;
  }
}
