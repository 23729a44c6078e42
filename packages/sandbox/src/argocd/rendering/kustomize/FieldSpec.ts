import { isJsonObject } from '../Json';
import type { Json, JsonObject } from '../Json';
import type { KustomizeResource } from './KustomizeResource';

/** A field of some kinds, as kustomize's transformer configuration writes it: `spec/template/metadata/labels`. @internal */
export interface FieldSpec {
  readonly path: string;
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  /** Makes what is missing on the way. */
  readonly create?: boolean;
}

/** Whether the field is one of this resource's kind. @internal */
export function appliesTo(
  spec: Omit<FieldSpec, 'path'>,
  resource: { group: string; version: string; kind: string },
): boolean {
  return (
    (!spec.group || spec.group === resource.group) &&
    (!spec.version || spec.version === resource.version) &&
    (!spec.kind || spec.kind === resource.kind)
  );
}

/**
 * Changes every field that the specs name. Lists on the way are walked through.
 *
 * @param change - gets the object or list that holds the field, and its key
 * @internal
 */
export function visitFields(
  resource: KustomizeResource,
  specs: readonly FieldSpec[],
  change: (holder: JsonObject, field: string) => void,
): void {
  for (const spec of specs) {
    if (appliesTo(spec, resource)) {
      const path = spec.path
        .split(/(?<!\\)\//)
        .map(part => part.replaceAll('\\/', '/').replace(/\[\]$/, ''));
      walk(resource.object, path, spec.create ?? false, change);
    }
  }
}

function walk(
  value: Json,
  path: readonly string[],
  create: boolean,
  change: (holder: JsonObject, field: string) => void,
): void {
  if (Array.isArray(value)) {
    value.forEach(item => walk(item, path, create, change));
    return;
  }
  if (!isJsonObject(value)) {
    return;
  }
  const [field, ...rest] = path;
  if (rest.length === 0) {
    if (create || field in value) {
      change(value, field);
    }
    return;
  }
  if (value[field] === undefined || value[field] === null) {
    if (!create) {
      return;
    }
    value[field] = {};
  }
  walk(value[field], rest, create, change);
}
