import { createHash } from 'node:crypto';
import { objectAt, stableStringify, stringAt } from '../Json';
import type { JsonObject } from '../Json';

const LETTERS: Record<string, string> = {
  0: 'g',
  1: 'h',
  3: 'k',
  a: 'm',
  e: 't',
};

const GO_ESCAPES: Record<string, string> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/**
 * The ten characters that kustomize appends to the name of a generated ConfigMap or Secret.
 *
 * @see https://github.com/kubernetes-sigs/kustomize/blob/master/api/hasher/hasher.go
 * @internal
 */
export function hashContent(object: JsonObject): string {
  const name = ''; // kustomize looks for it in the wrong place, and must go on to do so
  const data = objectAt(object, 'data') ?? '';
  const content: JsonObject =
    object.kind === 'Secret'
      ? {
          kind: 'Secret',
          type: stringAt(object, 'type') ?? '',
          name,
          data,
          ...optional(object, 'stringData'),
        }
      : { kind: 'ConfigMap', name, data, ...optional(object, 'binaryData') };
  const json = escapeAsGo(stableStringify(content));
  const hex = createHash('sha256').update(json).digest('hex').slice(0, 10);
  return [...hex].map(character => LETTERS[character] ?? character).join('');
}

function optional(object: JsonObject, field: string): JsonObject {
  const value = objectAt(object, field);
  return value ? { [field]: value } : {};
}

/** Go's encoder writes these as escapes, so the hash is taken of the escapes. */
function escapeAsGo(json: string): string {
  return json.replace(
    /[<>&\u2028\u2029]/g,
    character => GO_ESCAPES[character] ?? character,
  );
}
