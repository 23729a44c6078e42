import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import type { LocationSpec } from '@backstage/plugin-catalog-common';
import {
  type CatalogProcessor,
  type CatalogProcessorEmit,
  processingResult,
} from '@backstage/plugin-catalog-node';
import type { JsonValue } from '@backstage/types';
import { readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';

const KEY = '$text';

/** An API definition larger than this is a mistake, and would fill the catalog's database. */
const MAX_BYTES = 5 * 1024 * 1024;

/**
 * Reads `$text: ./file` placeholders of entities that come from files on disk.
 *
 * @remarks
 *
 * Backstage's own placeholder processor resolves URLs only, so that an API definition beside its
 * catalog-info.yaml fails for `file:` locations (backstage/backstage#14372). Entities of other
 * locations are left to it.
 */
export class FilePlaceholderProcessor implements CatalogProcessor {
  getProcessorName(): string {
    return 'FilePlaceholderProcessor';
  }

  /** Before Backstage's own processor (20), which fails on what this one understands. */
  getPriority(): number {
    return 10;
  }

  async preProcessEntity(
    entity: Entity,
    location: LocationSpec,
    emit: CatalogProcessorEmit,
  ): Promise<Entity> {
    if (location.type !== 'file' || !isAbsolute(location.target)) {
      return entity;
    }
    const read = (value: JsonValue | undefined) =>
      readText({ value, entityFile: location.target, emit });
    return (await replacePlaceholders(entity as JsonValue, read)) as Entity;
  }
}

async function replacePlaceholders(
  value: JsonValue | undefined,
  read: (value: JsonValue | undefined) => Promise<string>,
): Promise<JsonValue | undefined> {
  if (Array.isArray(value)) {
    return (await Promise.all(
      value.map(item => replacePlaceholders(item, read)),
    )) as JsonValue[];
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const keys = Object.keys(value);
  if (keys.length === 1 && keys[0] === KEY) {
    return read(value[KEY]);
  }
  return Object.fromEntries(
    await Promise.all(
      Object.entries(value).map(async ([key, child]) => [
        key,
        await replacePlaceholders(child, read),
      ]),
    ),
  );
}

async function readText(options: {
  value: JsonValue | undefined;
  entityFile: string;
  emit: CatalogProcessorEmit;
}): Promise<string> {
  const { value, entityFile, emit } = options;
  if (typeof value !== 'string' || value === '') {
    throw new InputError(
      `${KEY} in ${entityFile} has to be the relative path of a file`,
    );
  }
  // Resolves symbolic links too, so that a link can't lead out of the folder
  const file = resolvePath(dirname(entityFile), value, entityFile);
  emit(processingResult.refresh(`file:${file}`));
  try {
    const { size } = await stat(file);
    if (size > MAX_BYTES) {
      throw new InputError(`it has ${size} bytes, more than ${MAX_BYTES}`);
    }
    return await readFile(file, 'utf8');
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOENT'
        ? 'there is no such file'
        : (error as Error).message;
    throw new InputError(
      `${KEY}: ${value} in ${entityFile} could not be read: ${reason}`,
    );
  }
}

function resolvePath(folder: string, path: string, entityFile: string): string {
  try {
    return resolveSafeChildPath(folder, path);
  } catch {
    throw new InputError(
      `${KEY}: ${path} in ${entityFile} leaves the folder of the entity's file; put the file beside it or below`,
    );
  }
}
