import { parseAllDocuments } from 'yaml';
import type { ScalarTag } from 'yaml';
import { isJsonObject } from './Json';
import type { JsonObject } from './Json';
import { RenderError } from './RenderError';

/** Kubernetes reads file modes such as `0644` as YAML 1.1 does. */
const OCTAL: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^0[0-7]+$/,
  resolve: text => parseInt(text, 8),
};

/**
 * The Kubernetes objects of a YAML or JSON text. Lists are taken apart; empty documents are passed over.
 *
 * @param file - for messages
 * @internal
 */
export function parseManifests(text: string, file: string): JsonObject[] {
  const objects: JsonObject[] = [];
  for (const document of parseAllDocuments(text, {
    merge: true,
    customTags: tags => [OCTAL, ...tags],
    prettyErrors: false,
  })) {
    const [error] = 'errors' in document ? document.errors : [];
    if (error) {
      throw new RenderError(
        `failed to unmarshal "${file}": error converting YAML to JSON: yaml: ${error.message}`,
      );
    }
    const value: unknown = document.toJS({ maxAliasCount: 1000 });
    if (value === null || value === undefined) {
      continue;
    }
    if (!isJsonObject(value)) {
      throw new RenderError(
        `failed to unmarshal "${file}": Object 'Kind' is missing`,
      );
    }
    objects.push(...takeApart(value, file));
  }
  return objects;
}

function takeApart(object: JsonObject, file: string): JsonObject[] {
  const { kind, apiVersion, items } = object;
  if (typeof kind !== 'string' || kind === '') {
    throw new RenderError(
      `failed to unmarshal "${file}": Object 'Kind' is missing`,
    );
  }
  if (kind.endsWith('List') && Array.isArray(items)) {
    return items.filter(isJsonObject).flatMap(item => takeApart(item, file));
  }
  if (typeof apiVersion !== 'string' || apiVersion === '') {
    throw new RenderError(
      `failed to unmarshal "${file}": Object 'apiVersion' is missing`,
    );
  }
  return [object];
}
