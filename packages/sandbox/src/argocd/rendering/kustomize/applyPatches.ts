import { applyPatch } from 'fast-json-patch';
import type { Operation } from 'fast-json-patch';
import { parse, parseAllDocuments } from 'yaml';
import { isJsonObject, objectAt, stringAt } from '../Json';
import type { JsonObject } from '../Json';
import { matchesSelector } from '../labelSelector';
import { RenderError } from '../RenderError';
import type { KustomizePatch, KustomizeSelector } from './Kustomization';
import { splitApiVersion } from './KustomizeResource';
import type { KustomizeResource } from './KustomizeResource';
import { hasMergeKeys, mergeStrategically } from './mergeStrategically';

/**
 * Applies one entry of `patches`, `patchesJson6902` or `patchesStrategicMerge`.
 *
 * @param text - the patch itself, from the file or from the entry
 * @internal
 */
export function applyKustomizePatch(
  resources: KustomizeResource[],
  patch: KustomizePatch,
  text: string,
): void {
  const operations = parseOperations(text);
  if (operations) {
    if (!patch.target) {
      throw new RenderError(
        `must specify a target for JSON patch ${text.trim().split('\n')[0]}`,
      );
    }
    for (const resource of select(resources, patch.target)) {
      patchWithOperations(resource, operations, patch.options ?? {});
    }
    return;
  }
  for (const document of parseMergePatches(text)) {
    const targets = patch.target
      ? select(resources, patch.target)
      : [findByPatch(resources, document)];
    for (const resource of targets) {
      mergeInto(resources, resource, document, patch);
    }
  }
}

function parseOperations(text: string): Operation[] | undefined {
  const trimmed = text.trimStart();
  if (!/^(-|\[|#|---)/.test(trimmed)) {
    return undefined;
  }
  let value: unknown;
  try {
    value = parse(text, { prettyErrors: false });
  } catch {
    return undefined; // several documents, so not a list of operations
  }
  if (!Array.isArray(value)) {
    return undefined;
  }
  return value.map(item => {
    if (!isJsonObject(item) || typeof item.op !== 'string') {
      throw new RenderError(`Unable to parse SM or JSON patch from [${text}]`);
    }
    return item as unknown as Operation;
  });
}

function parseMergePatches(text: string): JsonObject[] {
  return parseAllDocuments(text, { merge: true, prettyErrors: false }).flatMap(
    document => {
      const [error] = 'errors' in document ? document.errors : [];
      const value: unknown = document.toJS();
      if (error || (value !== null && !isJsonObject(value))) {
        throw new RenderError(
          `unable to parse SM or JSON patch from [${text}]`,
        );
      }
      return value === null ? [] : [value];
    },
  );
}

function findByPatch(
  resources: readonly KustomizeResource[],
  patch: JsonObject,
): KustomizeResource {
  const { group, version } = splitApiVersion(
    stringAt(patch, 'apiVersion') ?? '',
  );
  const kind = stringAt(patch, 'kind') ?? '';
  const name = stringAt(objectAt(patch, 'metadata'), 'name') ?? '';
  const namespace = stringAt(objectAt(patch, 'metadata'), 'namespace') ?? '';
  const found = resources.filter(resource =>
    resource
      .ids()
      .some(
        id =>
          id.group === group &&
          id.version === version &&
          id.kind === kind &&
          id.name === name &&
          (id.namespace || 'default') === (namespace || 'default'),
      ),
  );
  const label = `${kind}.${version}.${group || '[noGrp]'}/${name}.${
    namespace || '[noNs]'
  }`;
  if (found.length !== 1) {
    throw new RenderError(
      found.length === 0
        ? `no resource matches strategic merge patch "${label}": no matches for Id ${label}; failed to find unique target for patch ${label}`
        : `multiple matches for Id ${label}; failed to find unique target for patch ${label}`,
    );
  }
  return found[0];
}

function select(
  resources: readonly KustomizeResource[],
  selector: KustomizeSelector,
): KustomizeResource[] {
  const fits = (pattern: string | undefined, value: string) =>
    !pattern || new RegExp(`^(?:${pattern})$`).test(value);
  return resources.filter(resource => {
    const metadata = objectAt(resource.object, 'metadata');
    return (
      fits(selector.group, resource.group) &&
      fits(selector.version, resource.version) &&
      fits(selector.kind, resource.kind) &&
      resource
        .ids()
        .some(
          id =>
            fits(selector.name, id.name) &&
            fits(selector.namespace, id.namespace),
        ) &&
      matchesSelector(selector.labelSelector, objectAt(metadata, 'labels')) &&
      matchesSelector(
        selector.annotationSelector,
        objectAt(metadata, 'annotations'),
      )
    );
  });
}

function mergeInto(
  resources: KustomizeResource[],
  resource: KustomizeResource,
  patch: JsonObject,
  { options }: KustomizePatch,
) {
  const { name, namespace } = resource;
  const { kind, apiVersion } = resource.object;
  const merged = mergeStrategically(
    resource.object,
    patch,
    hasMergeKeys(resource.group),
  );
  if (merged === undefined) {
    resources.splice(resources.indexOf(resource), 1);
    return;
  }
  const patchedName = stringAt(objectAt(merged, 'metadata'), 'name');
  resource.object = merged;
  if (!options?.allowKindChange) {
    merged.kind = kind;
    merged.apiVersion = apiVersion;
  }
  const metadata = objectAt(merged, 'metadata');
  if (metadata) {
    metadata.name = name;
    if (namespace) {
      metadata.namespace = namespace;
    } else {
      delete metadata.namespace;
    }
    if (options?.allowNameChange && patchedName) {
      resource.rename(patchedName);
    }
  }
}

function patchWithOperations(
  resource: KustomizeResource,
  operations: Operation[],
  options: Readonly<Record<string, boolean>>,
) {
  const { name } = resource;
  const { kind } = resource.object;
  let patched: JsonObject;
  try {
    patched = applyPatch(
      structuredClone(resource.object),
      structuredClone(operations),
      true,
    ).newDocument;
  } catch (error) {
    const { name: reason, message } = error as Error;
    throw new RenderError(
      `failed to apply json patch to ${resource.kind}/${name}: ${reason}: ${
        message.split('\n')[0]
      }`,
    );
  }
  const newName = stringAt(objectAt(patched, 'metadata'), 'name');
  resource.object = patched;
  if (!options.allowKindChange && kind !== undefined) {
    patched.kind = kind;
  }
  if (newName !== undefined && newName !== name) {
    const metadata = objectAt(patched, 'metadata')!;
    metadata.name = name;
    resource.rename(newName);
  }
}
