import type { ArgoCdManagedResource } from '@waystone/integrations';
import type {
  ChangedField,
  DriftedObject,
} from '@waystone/plugin-delivery-common';

/** How many fields of an object are listed. */
const MOST_FIELDS = 100;

/** How many objects are listed. */
const MOST_OBJECTS = 200;

/** Longer values are cut. */
const MOST_CHARACTERS = 2000;

/** What the cluster keeps for itself, and what a tool writes down of its own work. */
const UNREAD_METADATA = new Set([
  'creationTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
]);
const UNREAD_ANNOTATIONS =
  /^(kubectl\.kubernetes\.io\/last-applied-configuration|argocd\.argoproj\.io\/|deployment\.kubernetes\.io\/revision)/;

/** A name by which a value is better not shown. */
const SECRET_NAME =
  /passw|secret|token|credential|api[-_]?key|private|connection[-_]?string|dsn|(^|[-_])key$|(^|[-_])url$/i;

type Json = unknown;
type JsonObject = Readonly<Record<string, Json>>;

/**
 * Says field by field what differs between Git and the cluster.
 *
 * @remarks
 * Compared is what Argo CD predicts the objects to be after a sync: fields that the cluster filled in are the same on
 * both sides there. Values of Secrets, and of variables with a name that suggests one, are masked.
 */
export function describeDrift(
  objects: readonly ArgoCdManagedResource[],
): DriftedObject[] {
  return objects
    .filter(object => !object.hook)
    .flatMap(object => describeObject(object) ?? [])
    .slice(0, MOST_OBJECTS);
}

function describeObject(
  object: ArgoCdManagedResource,
): DriftedObject | undefined {
  const live = clean(object.normalizedLiveState ?? object.liveState);
  const desired = clean(
    object.targetState === undefined
      ? undefined
      : object.predictedLiveState ?? object.targetState,
  );
  const identity = {
    group: object.group,
    kind: object.kind,
    namespace: object.namespace,
    name: object.name,
  };
  if (live === undefined || desired === undefined) {
    return live === desired
      ? undefined
      : {
          ...identity,
          change: live === undefined ? 'missing' : 'added',
          fields: [],
          moreFields: 0,
        };
  }
  const secret = object.kind === 'Secret' && !object.group;
  const fields: ChangedField[] = [];
  compare(desired, live, '', secret, fields);
  return fields.length === 0
    ? undefined
    : {
        ...identity,
        change: 'changed',
        fields: fields.slice(0, MOST_FIELDS),
        moreFields: Math.max(0, fields.length - MOST_FIELDS),
      };
}

function compare(
  desired: Json,
  live: Json,
  path: string,
  secret: boolean,
  fields: ChangedField[],
): void {
  if (isObject(desired) && isObject(live)) {
    const hidden =
      secret ||
      (typeof desired.name === 'string' && SECRET_NAME.test(desired.name));
    for (const key of new Set([
      ...Object.keys(desired),
      ...Object.keys(live),
    ])) {
      compare(
        desired[key],
        live[key],
        joinPath(path, key),
        (hidden && isValue(path, key, secret)) || SECRET_NAME.test(key),
        fields,
      );
    }
  } else if (Array.isArray(desired) && Array.isArray(live)) {
    compareLists(desired, live, path, secret, fields);
  } else if (JSON.stringify(desired) !== JSON.stringify(live)) {
    fields.push({
      path,
      desired: secret ? undefined : show(desired),
      live: secret ? undefined : show(live),
      masked: secret,
    });
  }
}

/** Of a Secret everything but its metadata is hidden, of a variable its value. */
function isValue(path: string, key: string, secret: boolean): boolean {
  return secret
    ? !(path === '' && ['metadata', 'kind', 'apiVersion', 'type'].includes(key))
    : key === 'value';
}

/** By name where the items have one, as containers and variables do; otherwise one after the other. */
function compareLists(
  desired: readonly Json[],
  live: readonly Json[],
  path: string,
  secret: boolean,
  fields: ChangedField[],
): void {
  const desiredByName = byName(desired);
  const liveByName = byName(live);
  if (desiredByName && liveByName) {
    for (const name of new Set([
      ...desiredByName.keys(),
      ...liveByName.keys(),
    ])) {
      const item = desiredByName.get(name);
      const liveItem = liveByName.get(name);
      compare(
        item,
        liveItem,
        `${path}[${name}]`,
        secret ||
          ((item === undefined || liveItem === undefined) &&
            SECRET_NAME.test(name)),
        fields,
      );
    }
    return;
  }
  for (let index = 0; index < Math.max(desired.length, live.length); index++) {
    compare(desired[index], live[index], `${path}[${index}]`, secret, fields);
  }
}

function byName(items: readonly Json[]): Map<string, Json> | undefined {
  const named = new Map<string, Json>();
  for (const item of items) {
    if (!isObject(item) || typeof item.name !== 'string') {
      return undefined;
    }
    named.set(item.name, item);
  }
  // Two of one name are told apart by their place only.
  return named.size === items.length ? named : undefined;
}

/** Without what nobody wrote. */
function clean(state: Json): JsonObject | undefined {
  if (!isObject(state)) {
    return undefined;
  }
  const { status, metadata, ...rest } = state;
  if (!isObject(metadata)) {
    return rest;
  }
  const { annotations, ...others } = metadata;
  const kept = Object.entries(isObject(annotations) ? annotations : {}).filter(
    ([name]) => !UNREAD_ANNOTATIONS.test(name),
  );
  return {
    ...rest,
    metadata: {
      ...Object.fromEntries(
        Object.entries(others).filter(([name]) => !UNREAD_METADATA.has(name)),
      ),
      ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }),
    },
  };
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As people write it: names with dots or slashes in brackets. */
function joinPath(path: string, key: string): string {
  if (!/^[\w-]+$/.test(key)) {
    return `${path}["${key}"]`;
  }
  return path === '' ? key : `${path}.${key}`;
}

function show(value: Json): string | undefined {
  if (value === undefined) {
    return undefined;
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > MOST_CHARACTERS
    ? `${text.slice(0, MOST_CHARACTERS - 1)}…`
    : text;
}
