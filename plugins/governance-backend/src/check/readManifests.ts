import { InputError } from '@backstage/errors';
import { CHECK_MOST_OBJECTS } from '@waystone/plugin-governance-common';
import { parseAllDocuments } from 'yaml';

/** A document may use an anchor again, but not to become a million times as large. */
const MOST_ALIASES = 50;

/**
 * The objects of manifests: documents of YAML, or objects; Lists are taken apart.
 *
 * @throws InputError if they cannot be read, or are too many.
 */
export function readManifests(
  manifests: string | readonly Readonly<Record<string, unknown>>[],
): readonly Readonly<Record<string, unknown>>[] {
  const documents =
    typeof manifests === 'string' ? parseYaml(manifests) : manifests;
  const objects = documents.flatMap(expand);
  if (objects.length === 0) {
    throw new InputError('There is no object in the manifests');
  }
  if (objects.length > CHECK_MOST_OBJECTS) {
    throw new InputError(
      `There are ${objects.length} objects; at most ${CHECK_MOST_OBJECTS} are checked at once`,
    );
  }
  return objects;
}

function parseYaml(text: string): unknown[] {
  const documents = parseAllDocuments(text);
  return [...documents].flatMap((document, index) => {
    const [error] = document.errors;
    if (error) {
      throw new InputError(
        `Document ${index + 1} of the manifests is no YAML: ${
          error.message.split('\n')[0]
        }`,
      );
    }
    try {
      const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
      return value === null || value === undefined ? [] : [value];
    } catch {
      throw new InputError(
        `Document ${index + 1} of the manifests uses too many aliases`,
      );
    }
  });
}

function expand(
  document: unknown,
): readonly Readonly<Record<string, unknown>>[] {
  if (!isRecord(document)) {
    throw new InputError('The manifests hold something that is no object');
  }
  return typeof document.kind === 'string' &&
    document.kind.endsWith('List') &&
    Array.isArray(document.items)
    ? document.items.flatMap(expand)
    : [document];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
