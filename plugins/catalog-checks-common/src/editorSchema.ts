import { z } from 'zod';
import { foreignKinds, knownKinds, schemaOfKind } from './entityModel';
import { waystoneFields } from './waystoneFields';

/** What is taken apart of the schema of a kind. */
const kindSchemaShape = z.looseObject({
  properties: z.looseObject({
    spec: z.looseObject({ properties: z.record(z.string(), z.unknown()) }),
  }),
});

/** JSON Schema of the annotations that Waystone reads, to be merged into others. @public */
export const waystoneAnnotationsSchema = {
  type: 'object',
  additionalProperties: { type: 'string' },
  properties: Object.fromEntries(
    waystoneFields.map(({ annotation, ...field }) => [
      annotation,
      { type: 'string', ...field },
    ]),
  ),
} as const;

/** A definition may also be read from a file beside. */
const placeholderSchema = {
  type: 'object',
  maxProperties: 1,
  minProperties: 1,
  propertyNames: { enum: ['$text', '$openapi', '$asyncapi', '$grpc'] },
  additionalProperties: { type: 'string', minLength: 1 },
} as const;

/**
 * A JSON Schema (draft 7) of a catalog-info.yaml, for editors: Backstage's kinds with Waystone's annotations.
 *
 * @public
 */
export function createEditorSchema(): object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'An entry of the catalog',
    type: 'object',
    required: ['apiVersion', 'kind', 'metadata'],
    properties: {
      kind: { enum: [...knownKinds, ...foreignKinds] },
      metadata: {
        type: 'object',
        properties: { annotations: waystoneAnnotationsSchema },
      },
    },
    allOf: knownKinds.map(kind => ({
      if: { properties: { kind: { const: kind } }, required: ['kind'] },
      then: kindSchema(kind),
    })),
  };
}

function kindSchema(kind: string): object {
  const {
    $id: _,
    $schema: __,
    ...schema
  } = kindSchemaShape.parse(schemaOfKind(kind));
  const { definition } = schema.properties.spec.properties;
  return definition === undefined
    ? schema
    : {
        ...schema,
        properties: {
          ...schema.properties,
          spec: {
            ...schema.properties.spec,
            properties: {
              ...schema.properties.spec.properties,
              definition: { anyOf: [definition, placeholderSchema] },
            },
          },
        },
      };
}
