import type { IgnoredDifference } from '../ApplicationTypes';
import type { ResourceKey } from '../live/ResourceKey';
import { isJsonObject } from '../rendering/Json';
import type { Json, JsonObject } from '../rendering/Json';
import { matchesName } from '../rendering/matchesGlob';

/** One field that is not compared; `*` stands for every item of a list. */
type FieldPath = readonly string[];

/**
 * The fields of an object that an Application does not compare.
 *
 * @remarks
 * Of jq only paths are understood, such as `.spec.template.spec.containers[].image`.
 *
 * @internal
 */
export function ignoredFields(
  rules: readonly IgnoredDifference[] | undefined,
  key: ResourceKey,
  live: unknown,
): FieldPath[] {
  return (rules ?? [])
    .filter(
      rule =>
        matchesName(rule.group ?? '', key.group) &&
        matchesName(rule.kind, key.kind) &&
        (!rule.name || rule.name === key.name) &&
        (!rule.namespace || rule.namespace === key.namespace),
    )
    .flatMap(rule => [
      ...(rule.jsonPointers ?? []).map(fromPointer),
      ...(rule.jqPathExpressions ?? []).flatMap(fromJq),
      ...(rule.managedFieldsManagers ?? []).flatMap(manager =>
        fieldsOfManager(live, manager),
      ),
    ]);
}

/** Takes fields out of an object, in place. @internal */
export function removeFields(
  object: JsonObject,
  paths: readonly FieldPath[],
): void {
  for (const path of paths) {
    remove(object, path);
  }
}

function remove(value: Json | undefined, [field, ...rest]: FieldPath) {
  if (Array.isArray(value)) {
    if (field === '*') {
      if (rest.length > 0) {
        value.forEach(item => remove(item, rest));
      } else {
        value.splice(0);
      }
    } else if (/^\d+$/.test(field)) {
      if (rest.length > 0) {
        remove(value[Number(field)], rest);
      } else {
        value.splice(Number(field), 1);
      }
    }
  } else if (isJsonObject(value)) {
    if (rest.length > 0) {
      remove(value[field], rest);
    } else {
      delete value[field];
    }
  }
}

function fromPointer(pointer: string): FieldPath {
  return pointer
    .split('/')
    .slice(1)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function fromJq(expression: string): FieldPath[] {
  const parts = [
    ...expression.matchAll(
      /\.?\["([^"]+)"\]|\.?\[(\d+)\]|\.?\[\]|\.([A-Za-z_]\w*)/g,
    ),
  ];
  const whole = parts.map(([text]) => text).join('');
  return whole === expression.trim() && parts.length > 0
    ? [parts.map(([, quoted, index, plain]) => quoted ?? index ?? plain ?? '*')]
    : [];
}

function fieldsOfManager(live: unknown, manager: string): FieldPath[] {
  const metadata = isJsonObject(live) ? live.metadata : undefined;
  const entries = isJsonObject(metadata) ? metadata.managedFields : undefined;
  return (Array.isArray(entries) ? entries : [])
    .filter(isJsonObject)
    .filter(entry => entry.manager === manager)
    .flatMap(entry => leaves(entry.fieldsV1, []));
}

function leaves(fields: Json | undefined, path: FieldPath): FieldPath[] {
  const entries = isJsonObject(fields)
    ? Object.entries(fields).filter(([name]) => name.startsWith('f:'))
    : [];
  return entries.length === 0
    ? [path].filter(({ length }) => length > 0)
    : entries.flatMap(([name, inner]) =>
        leaves(inner, [...path, name.slice(2)]),
      );
}
