import type { KubernetesObject } from '../KubernetesCluster';
import type { KindSchema } from '../schema/JsonSchema';
import { StatusError } from '../StatusError';
import { mergeApplied, removeDropped } from './applyMerge';
import { FieldSet } from './FieldSet';
import { collectFields, compareFields } from './fieldSets';
import { omit } from './jsonValues';

/** Who manages which fields of an object. */
export interface ManagedFieldsEntry {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly time?: string;
  readonly fieldsType: 'FieldsV1';
  readonly fieldsV1: unknown;
  readonly subresource?: string;
}

/** Who writes, for `managedFields`. */
export interface FieldWriter {
  readonly manager: string;
  readonly apiVersion: string;
  readonly subresource?: string;
  readonly time: string;
}

interface Managed {
  entry: Omit<ManagedFieldsEntry, 'fieldsV1'>;
  set: FieldSet;
  changed: boolean;
}

/** What nobody manages, because the server does. */
const SERVER_FIELDS = [
  'name',
  'namespace',
  'generateName',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
];

/**
 * The object with what a plain write changes counted as managed by who writes.
 *
 * @param live - what is stored; undefined for a new object
 */
export function trackUpdate(
  schema: KindSchema,
  live: KubernetesObject | undefined,
  object: KubernetesObject,
  writer: FieldWriter,
): KubernetesObject {
  const given = object.metadata.managedFields as
    | readonly ManagedFieldsEntry[]
    | undefined;
  const reset =
    given !== undefined && !given.some(entry => entry.manager !== undefined);
  const managers = readManagers(
    reset ? [] : given ?? (live?.metadata.managedFields as any),
  );
  const changes = compareFields(
    schema,
    withoutServerFields(live ?? startOf(object)),
    withoutServerFields(object),
  );
  const changed = changes.modified.union(changes.added);
  if (changed.isEmpty && changes.removed.isEmpty && !reset) {
    return withManagers(object, managers, writer.time);
  }
  const own = findManager(managers, writer, 'Update');
  for (const manager of managers) {
    if (manager !== own) {
      replaceSet(
        manager,
        manager.set.difference(changed).difference(changes.removed),
      );
    }
  }
  if (!reset) {
    replaceSet(own, own.set.union(changed).difference(changes.removed));
  }
  return withManagers(object, managers, writer.time);
}

/**
 * Merges what somebody applies into what is there, and counts the fields as theirs.
 *
 * @throws StatusError 409 with one cause per field that somebody else manages, unless forced
 */
export function applyFields(options: {
  readonly schema: KindSchema;
  /** What is stored; undefined for a new object. */
  readonly live: KubernetesObject | undefined;
  readonly applied: KubernetesObject;
  readonly writer: FieldWriter;
  readonly force: boolean;
  /** Top-level fields that this request cannot change, such as `status`. */
  readonly ignoredFields: readonly string[];
}): KubernetesObject {
  const { schema, live, writer, force } = options;
  const applied = omit(options.applied, ...options.ignoredFields);
  const managers = readManagers(live?.metadata.managedFields as any);
  const own = findManager(managers, writer, 'Apply');
  const set = collectFields(schema, withoutServerFields(applied));
  const others = managers.filter(manager => manager !== own);
  const managed = others.reduce((all, manager) => all.union(manager.set), set);
  const base = live ?? startOf(applied);
  const merged = removeDropped(
    schema,
    mergeApplied(schema, base, applied),
    own.set,
    managed,
  ) as KubernetesObject;
  const changes = compareFields(
    schema,
    withoutServerFields(base),
    withoutServerFields(merged),
  );
  const changed = changes.modified.union(changes.added);
  const conflicts = others
    .map(manager => ({ manager, set: manager.set.intersection(changed) }))
    .filter(conflict => !conflict.set.isEmpty);
  if (conflicts.length > 0 && !force) {
    throw applyConflict(
      conflicts.map(conflict => ({
        entry: conflict.manager.entry,
        paths: conflict.set.paths(),
      })),
    );
  }
  for (const conflict of conflicts) {
    replaceSet(conflict.manager, conflict.manager.set.difference(conflict.set));
  }
  for (const manager of others) {
    replaceSet(manager, manager.set.difference(changes.removed));
  }
  own.entry = { ...own.entry, apiVersion: writer.apiVersion };
  replaceSet(own, set);
  return withManagers(merged, managers, writer.time);
}

function readManagers(
  entries: readonly ManagedFieldsEntry[] | undefined,
): Managed[] {
  return (entries ?? []).map(({ fieldsV1, ...entry }) => ({
    entry,
    set: FieldSet.parse(fieldsV1),
    changed: false,
  }));
}

function findManager(
  managers: Managed[],
  writer: FieldWriter,
  operation: 'Apply' | 'Update',
): Managed {
  let found = managers.find(
    ({ entry }) =>
      entry.manager === writer.manager &&
      entry.operation === operation &&
      entry.subresource === writer.subresource &&
      (operation === 'Apply' || entry.apiVersion === writer.apiVersion),
  );
  if (!found) {
    found = {
      entry: {
        manager: writer.manager,
        operation,
        apiVersion: writer.apiVersion,
        time: writer.time,
        fieldsType: 'FieldsV1',
        ...(writer.subresource && { subresource: writer.subresource }),
      },
      set: new FieldSet(),
      changed: false,
    };
    managers.push(found);
  }
  return found;
}

function replaceSet(manager: Managed, set: FieldSet): void {
  if (!manager.set.equals(set)) {
    manager.changed = true;
    manager.set = set;
  }
}

function withManagers(
  object: KubernetesObject,
  managers: readonly Managed[],
  time: string,
): KubernetesObject {
  const entries = managers
    .filter(manager => !manager.set.isEmpty)
    .map(({ entry, set, changed }) => ({
      manager: entry.manager,
      operation: entry.operation,
      apiVersion: entry.apiVersion,
      time: changed ? time : entry.time,
      fieldsType: entry.fieldsType,
      fieldsV1: set.format(),
      ...(entry.subresource && { subresource: entry.subresource }),
    }))
    .sort(compareEntries);
  const metadata = omit(object.metadata, 'managedFields');
  return {
    ...object,
    metadata:
      entries.length > 0 ? { ...metadata, managedFields: entries } : metadata,
  };
}

/** Apply before Update, then by time and name, as the API server sorts them. */
function compareEntries(
  left: ManagedFieldsEntry,
  right: ManagedFieldsEntry,
): number {
  return (
    left.operation.localeCompare(right.operation) ||
    (left.time ?? '').localeCompare(right.time ?? '') ||
    left.manager.localeCompare(right.manager)
  );
}

function startOf(object: KubernetesObject): KubernetesObject {
  return { apiVersion: object.apiVersion, kind: object.kind, metadata: {} };
}

function withoutServerFields(object: KubernetesObject): KubernetesObject {
  const rest = omit(object, 'apiVersion', 'kind', 'metadata');
  const metadata = omit(object.metadata, ...SERVER_FIELDS);
  return Object.keys(metadata).length > 0 ? { ...rest, metadata } : rest;
}

function applyConflict(
  conflicts: readonly {
    readonly entry: Omit<ManagedFieldsEntry, 'fieldsV1'>;
    readonly paths: readonly string[];
  }[],
): StatusError {
  const causes = conflicts.flatMap(({ entry, paths }) =>
    paths.map(field => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${formatManager(entry)}`,
      field,
    })),
  );
  const summary =
    causes.length === 1
      ? `1 conflict: ${causes[0].message}: ${causes[0].field}`
      : `${causes.length} conflicts: ${conflicts
          .map(
            ({ entry, paths }) =>
              `conflicts with ${formatManager(entry)}:\n${paths
                .map(field => `- ${field}`)
                .join('\n')}`,
          )
          .join('\n')}`;
  return new StatusError({
    code: 409,
    reason: 'Conflict',
    message: `Apply failed with ${summary}`,
    details: { causes },
  });
}

function formatManager(entry: Omit<ManagedFieldsEntry, 'fieldsV1'>): string {
  const name =
    JSON.stringify(entry.manager) +
    (entry.subresource
      ? ` with subresource ${JSON.stringify(entry.subresource)}`
      : '');
  return entry.operation === 'Update'
    ? `${name} using ${entry.apiVersion}`
    : name;
}
