import { isJsonObject } from '../rendering/Json';
import type { Json, JsonObject } from '../rendering/Json';

/** The fields that the list of Applications knows. */
const LIST_FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.annotations',
  'metadata.labels',
  'metadata.creationTimestamp',
  'metadata.deletionTimestamp',
  'spec',
  'spec.destination',
  'spec.project',
  'spec.source',
  'spec.sources',
  'spec.sourceHydrator',
  'spec.syncPolicy',
  'status.sourceHydrator',
  'status.summary',
  'status.sync.status',
  'status.sync.revision',
  'status.health',
  'status.operationState.startedAt',
  'status.operationState.finishedAt',
  'status.resources',
  'operation.sync',
  'status.operationState.phase',
  'status.operationState.operation.sync',
];

interface FieldQuery {
  readonly fields: ReadonlySet<string>;
  readonly exclude: boolean;
  /** Whether a path leads to one of the fields, for the paths that were asked for. */
  readonly leads: Map<string, boolean>;
}

/** The same few queries come again for every event of a stream. */
const parsedQueries = new Map<string, FieldQuery>();

function parseFields(query: unknown): FieldQuery | undefined {
  if (typeof query !== 'string' || query === '') {
    return undefined;
  }
  let parsed = parsedQueries.get(query);
  if (!parsed) {
    const exclude = query.startsWith('-');
    const fields = new Set(query.slice(exclude ? 1 : 0).split(','));
    parsed = { fields, exclude, leads: new Map() };
    if (parsedQueries.size > 100) {
      parsedQueries.clear();
    }
    parsedQueries.set(query, parsed);
  }
  return parsed;
}

function leadsToField(query: FieldQuery, path: string): boolean {
  let leads = query.leads.get(path);
  if (leads === undefined) {
    leads = [...query.fields].some(field => field.startsWith(path));
    if (query.leads.size < 10_000) {
      query.leads.set(path, leads);
    }
  }
  return leads;
}

/**
 * The `fields` parameter of the list of Applications: only fields of a fixed table can be asked for or left out, and
 * `status.operationState.operation.sync` is, as in Argo CD, the result of the last sync.
 *
 * @internal
 */
export function selectListFields(
  items: readonly JsonObject[],
  query: unknown,
): JsonObject[] | readonly JsonObject[] {
  const parsed = parseFields(query);
  if (!parsed) {
    return items;
  }
  const { fields, exclude } = parsed;
  const chosen = LIST_FIELDS.filter(
    field => fields.has(`items.${field}`) !== exclude,
  ).map(field => field.split('.'));
  return items.map(item => {
    const result: JsonObject = {};
    for (const path of chosen) {
      const source =
        path.join('.') === 'status.operationState.operation.sync'
          ? ['status', 'operationState', 'syncResult']
          : path;
      const value = source.reduce<Json | undefined>(
        (current, field) =>
          isJsonObject(current) ? current[field] : undefined,
        item,
      );
      if (value !== undefined) {
        setAt(result, path, value);
      }
    }
    return result;
  });
}

function setAt(object: JsonObject, path: readonly string[], value: Json) {
  let holder = object;
  for (const field of path.slice(0, -1)) {
    const inner = holder[field];
    if (isJsonObject(inner)) {
      // It may be the stored object itself, which must stay as it is.
      holder[field] = { ...inner };
    } else {
      holder[field] = {};
    }
    holder = holder[field] as JsonObject;
  }
  holder[path.at(-1)!] = value;
}

/** The `fields` parameter of everything else: any path into the answer. @internal */
export function selectFields(value: Json, query: unknown): Json {
  const parsed = parseFields(query);
  return parsed ? filter(value, parsed, '') : value;
}

function filter(value: Json, query: FieldQuery, path: string): Json {
  if (Array.isArray(value)) {
    return value.map(item => filter(item, query, path));
  }
  if (!isJsonObject(value)) {
    return value;
  }
  const result: JsonObject = {};
  for (const [name, item] of Object.entries(value)) {
    const field = path === '' ? name : `${path}.${name}`;
    const named = query.fields.has(field);
    if (query.exclude ? !named : named || leadsToField(query, field)) {
      result[name] = named ? item : filter(item, query, field);
    }
  }
  return result;
}
