import Ajv from 'ajv';
import type { ValidateFunction } from 'ajv';
import type { Manifest } from '../output/unwrap';
import { readContract } from './fixtures';

type Schema = Record<string, any>;

const CUSTOM: Readonly<Record<string, string>> = {
  'monitoring.coreos.com/v1 ServiceMonitor':
    'servicemonitors.monitoring.coreos.com',
  'monitoring.coreos.com/v1 PrometheusRule':
    'prometheusrules.monitoring.coreos.com',
  'argoproj.io/v1alpha1 Application': 'applications.argoproj.io',
};

/** Checks objects with the schemas of Kubernetes 1.34 and of the operators. A field that no schema has is a mistake. */
export function createValidator(): (object: Manifest) => string[] {
  const validators = new Map<string, ValidateFunction>();
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  const documents = new Set<string>();
  return object => {
    const key = `${object.apiVersion} ${object.kind}`;
    let validate = validators.get(key);
    if (!validate) {
      validate = ajv.compile(schemaOf(ajv, documents, object, key));
      validators.set(key, validate);
    }
    validate(object);
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${key} ${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  };
}

function schemaOf(
  ajv: Ajv,
  documents: Set<string>,
  { apiVersion, kind }: Manifest,
  key: string,
): Schema {
  const custom = CUSTOM[key];
  if (custom) {
    const schema = readContract(`crds/${custom}.json`)[
      apiVersion.split('/')[1]
    ] as Schema;
    return close({
      ...schema,
      properties: {
        ...schema.properties,
        apiVersion: { type: 'string' },
        kind: { type: 'string' },
        metadata: { type: 'object', additionalProperties: true },
      },
    });
  }
  const document = apiVersion.includes('/')
    ? `apis_${apiVersion.replace('/', '_')}`
    : `api_${apiVersion}`;
  const { schemas } = readContract(`openapi/${document}.json`).components as {
    schemas: Record<string, Schema>;
  };
  const [group, version] = apiVersion.includes('/')
    ? apiVersion.split('/')
    : ['', apiVersion];
  const entry = Object.entries(schemas).find(([, schema]) =>
    (schema['x-kubernetes-group-version-kind'] ?? []).some(
      (each: Schema) =>
        each.group === group && each.version === version && each.kind === kind,
    ),
  );
  if (!entry) {
    throw new Error(`There is no schema of ${key}`);
  }
  if (!documents.has(document)) {
    documents.add(document);
    ajv.addSchema(
      { $id: document, components: { schemas: close(schemas) } },
      document,
    );
  }
  return { $ref: `${document}#/components/schemas/${entry[0]}` };
}

/** OpenAPI as JSON Schema, in which objects have no other fields than those that are listed. */
function close(schema: any): any {
  if (Array.isArray(schema)) {
    return schema.map(close);
  }
  if (typeof schema !== 'object' || schema === null) {
    return schema;
  }
  const closed = Object.fromEntries(
    Object.entries(schema)
      .filter(
        ([key]) =>
          // A default of Kubernetes is not one of JSON Schema; formats are Go's
          !['default', 'format', 'nullable', 'description', 'example'].includes(
            key,
          ) || typeof schema[key] === 'object',
      )
      // Go's flags are not JavaScript's
      .filter(([key, value]) => key !== 'pattern' || !/\(\?i/.test(`${value}`))
      .map(([key, value]) => [key, close(value)]),
  );
  if (
    schema['x-kubernetes-int-or-string'] ||
    schema.format === 'int-or-string'
  ) {
    return { type: ['integer', 'string'] };
  }
  const isSchema =
    schema.type === 'object' &&
    typeof schema.properties === 'object' &&
    schema.additionalProperties === undefined &&
    !schema['x-kubernetes-preserve-unknown-fields'];
  return isSchema ? { ...closed, additionalProperties: false } : closed;
}
