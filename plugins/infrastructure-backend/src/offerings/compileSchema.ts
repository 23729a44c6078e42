import Ajv from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import type { Verdict } from '@waystone/plugin-infrastructure-common';

// Schemas of Kubernetes have keywords of their own, which the cluster checks.
const ajv = new Ajv({
  allErrors: true,
  // What is said of a value depends on it and on what its schema says.
  verbose: true,
  strict: false,
  validateFormats: false,
  logger: false,
});
/** The path of a schema that is one of several. */
const ALTERNATIVE = /\/(oneOf|anyOf)\/\d+\//;
const compiled = new WeakMap<object, ValidateFunction>();

/** The schema as a function, or why it is none. */
export function compileSchema(
  schema: object,
): { readonly validate: ValidateFunction } | { readonly problem: string } {
  let validate = compiled.get(schema);
  try {
    validate ??= ajv.compile(schema);
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
  compiled.set(schema, validate);
  return { validate };
}

/** What is wrong with parameters, each at its form field. Fields that the schema does not know are wrong too. */
export function validateParameters(
  schema: object,
  parameters: Readonly<Record<string, unknown>>,
): Verdict[] {
  const result = compileSchema(schema);
  if ('problem' in result) {
    return [{ severity: 'error', source: 'schema', message: result.problem }];
  }
  const unknown = findUnknown(schema, parameters, 'parameters');
  if (result.validate(parameters)) {
    return unknown;
  }
  const errors = result.validate.errors ?? [];
  return [
    ...unknown,
    // That none of the alternatives fits is said once, not once for each.
    ...errors
      .filter(({ schemaPath }) => !ALTERNATIVE.test(schemaPath))
      .map(toVerdict),
  ];
}

function toVerdict(error: ErrorObject): Verdict {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (error.keyword === 'required') {
    path.push(String(error.params.missingProperty));
  }
  return {
    severity: 'error',
    source: 'schema',
    field: ['parameters', ...path].join('.'),
    message: describe(error),
  };
}

/** What is wrong, for people: without the regular expressions and keywords of schemas. */
function describe(error: ErrorObject): string {
  const { data, keyword, message = 'is wrong', params, parentSchema } = error;
  if (keyword === 'required' || data === null) {
    return 'must be set';
  }
  if (keyword === 'enum') {
    return `${message}: ${(params.allowedValues as unknown[]).join(', ')}`;
  }
  if (keyword === 'pattern' && parentSchema?.example !== undefined) {
    return `must be such as ${parentSchema.example}`;
  }
  if (keyword === 'oneOf' || keyword === 'anyOf') {
    const alternatives = (error.schema as { required?: string[] }[]).map(
      ({ required = [] }) => required.join(' and '),
    );
    const isNamed = alternatives.every(Boolean);
    const count = keyword === 'oneOf' ? 'exactly one' : 'at least one';
    return isNamed
      ? `must have ${count} of ${alternatives.join(', ')}`
      : message;
  }
  return message;
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, ObjectSchema>>;
  readonly additionalProperties?: unknown;
  readonly items?: ObjectSchema;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
}

function findUnknown(
  schema: ObjectSchema,
  value: unknown,
  path: string,
): Verdict[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items
      ? value.flatMap((item, index) =>
          findUnknown(items, item, `${path}.${index}`),
        )
      : [];
  }
  const { properties, additionalProperties } = schema;
  if (
    typeof value !== 'object' ||
    value === null ||
    !properties ||
    additionalProperties ||
    schema['x-kubernetes-preserve-unknown-fields']
  ) {
    return [];
  }
  return Object.entries(value).flatMap(([name, item]) =>
    Object.hasOwn(properties, name)
      ? findUnknown(properties[name], item, `${path}.${name}`)
      : [
          {
            severity: 'error' as const,
            source: 'schema' as const,
            field: `${path}.${name}`,
            message: 'is not a field of this offering',
          },
        ],
  );
}
