import type { ResourceType } from '../resources/ResourceType';

const BODY_TYPES = ['application/json', 'application/yaml'];
const PATCH_TYPES = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
];

const WRITE_PARAMETERS = ['dryRun', 'fieldManager', 'fieldValidation'];
const LIST_PARAMETERS = [
  'allowWatchBookmarks',
  'continue',
  'fieldSelector',
  'labelSelector',
  'limit',
  'resourceVersion',
  'resourceVersionMatch',
  'sendInitialEvents',
  'timeoutSeconds',
  'watch',
];

/**
 * The paths of kinds that have no document of their own: of custom resources and a few built-in ones.
 *
 * @param nameOf - the name of a kind's schema
 */
export function createPaths(
  types: readonly ResourceType[],
  nameOf: (type: ResourceType) => string,
): Record<string, unknown> {
  const paths: Record<string, unknown> = {};
  for (const type of types) {
    const root = `/apis/${type.group}/${type.version}`;
    const collection = type.namespaced
      ? `${root}/namespaces/{namespace}/${type.plural}`
      : `${root}/${type.plural}`;
    const create = (
      action: string,
      parameters: readonly string[],
      body?: readonly string[],
      schema = nameOf(type),
    ) => createOperation(type, action, parameters, schema, body);
    paths[collection] = {
      get: create('list', LIST_PARAMETERS, undefined, `${nameOf(type)}List`),
      post: create('post', WRITE_PARAMETERS, BODY_TYPES),
      delete: create('deletecollection', LIST_PARAMETERS),
    };
    if (type.namespaced) {
      paths[`${root}/${type.plural}`] = {
        get: create('list', LIST_PARAMETERS, undefined, `${nameOf(type)}List`),
      };
    }
    const item = {
      get: create('get', []),
      put: create('put', WRITE_PARAMETERS, BODY_TYPES),
      patch: create('patch', [...WRITE_PARAMETERS, 'force'], PATCH_TYPES),
    };
    paths[`${collection}/{name}`] = {
      ...item,
      delete: create('delete', ['dryRun', 'propagationPolicy']),
    };
    for (const subresource of type.subresources) {
      paths[`${collection}/{name}/${subresource.name}`] = item;
    }
  }
  return paths;
}

function createOperation(
  type: ResourceType,
  action: string,
  parameters: readonly string[],
  schema: string,
  body: readonly string[] | undefined,
) {
  const reference = { $ref: `#/components/schemas/${schema}` };
  return {
    operationId: `${action}${type.kind}`,
    parameters: parameters.map(name => ({
      name,
      in: 'query',
      schema: { type: parameterType(name), uniqueItems: true },
    })),
    ...(body && {
      requestBody: {
        required: true,
        content: Object.fromEntries(
          body.map(mediaType => [mediaType, { schema: reference }]),
        ),
      },
    }),
    responses: {
      200: {
        description: 'OK',
        content: { 'application/json': { schema: reference } },
      },
      401: { description: 'Unauthorized' },
    },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': {
      group: type.group,
      version: type.version,
      kind: type.kind,
    },
  };
}

function parameterType(name: string): string {
  switch (name) {
    case 'limit':
    case 'timeoutSeconds':
      return 'integer';
    case 'watch':
    case 'allowWatchBookmarks':
    case 'sendInitialEvents':
    case 'force':
      return 'boolean';
    default:
      return 'string';
  }
}
