import type { KubernetesObject } from '../KubernetesCluster';
import { omit } from '../patch/jsonValues';
import type { ResourceType } from '../resources/ResourceType';
import type { JsonSchema } from '../schema/JsonSchema';
import { findSchema } from '../schema/SchemaCatalog';
import type { FieldError } from '../write/statusErrors';
import { validateBuiltIn } from './validateBuiltIn';
import { validateMetadata } from './validateMetadata';
import { hasRules, validateRules } from './validateRules';
import { validateSchema } from './validateSchema';

const reported = new Set<string>();
const BLOCKING = new Set<FieldError['type']>([
  'Invalid type',
  'Required value',
  'Too long',
  'Too many',
  'Unsupported value',
]);

/** Everything that is wrong with an object. */
export function validateObject(options: {
  readonly type: ResourceType;
  readonly object: KubernetesObject;
  /** What is stored; undefined for a new object. */
  readonly live: KubernetesObject | undefined;
  readonly subresource?: string;
  log(message: string): void;
}): readonly FieldError[] {
  const { live, object, type } = options;
  const errors = validateMetadata(type, object);
  if (!type.custom) {
    return options.subresource === 'status'
      ? errors
      : [...errors, ...validateBuiltIn(type, object, live)];
  }
  const schema = schemaOf(type);
  const value = omit(object, 'metadata', 'apiVersion', 'kind');
  const found = [...errors, ...validateSchema(schema, value, '')];
  if (!hasRules(schema)) {
    return found;
  }
  const blocked = found.some(error => BLOCKING.has(error.type));
  if (blocked) {
    return [
      ...found,
      {
        type: 'Invalid value',
        field: '',
        value: null,
        detail:
          'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
      },
    ];
  }
  return [
    ...found,
    ...validateRules(schema, object, live, '', rule => {
      if (!reported.has(rule)) {
        reported.add(rule);
        options.log(
          `The rule "${rule}" of ${
            type.custom!.definitionName
          } cannot be evaluated and is not checked.`,
        );
      }
    }),
  ];
}

const schemas = new WeakMap<ResourceType, JsonSchema>();

/** The schema without metadata, which is checked for all kinds alike. */
function schemaOf(type: ResourceType): JsonSchema {
  let schema = schemas.get(type);
  if (!schema) {
    const { root } = findSchema(type);
    schema = {
      ...root,
      required: root.required?.filter(
        name => !['metadata', 'apiVersion', 'kind'].includes(name),
      ),
      properties: omit(
        root.properties ?? {},
        'metadata',
        'apiVersion',
        'kind',
      ) as JsonSchema['properties'],
    };
    schemas.set(type, schema);
  }
  return schema;
}
