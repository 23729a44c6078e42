import { dirname, join } from 'node:path';
import {
  resolveSafeChildPath,
  type UrlReaderService,
} from '@backstage/backend-plugin-api';
import { getEntitySourceLocation } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import type { TemplateEntityV1beta3 } from '@backstage/plugin-scaffolder-common';
import { listWorkspaceFiles } from '../workspace/listWorkspaceFiles';

/** A file as the scaffolder takes it for a dry run. */
export interface TemplateFile {
  readonly path: string;
  readonly base64Content: string;
}

/** Reads the folders that a template's steps fetch from beside it. */
export class TemplateFiles {
  readonly #reader: UrlReaderService;

  constructor(options: { readonly reader: UrlReaderService }) {
    this.#reader = options.reader;
  }

  /** @throws InputError if it is nowhere to be read from */
  async read(template: TemplateEntityV1beta3): Promise<TemplateFile[]> {
    const { type, target } = getEntitySourceLocation(template);
    const lists = await Promise.all(
      foldersOf(template.spec.steps).map(async folder => {
        const files =
          type === 'file'
            ? await readFolder(target, folder)
            : await this.#readTree(type, target, folder);
        return files.map(({ path, content }) => ({
          path: join(folder, path),
          base64Content: content.toString('base64'),
        }));
      }),
    );
    return lists.flat();
  }

  async #readTree(type: string, target: string, folder: string) {
    if (type !== 'url') {
      throw new InputError(`Templates cannot be read from '${type}:${target}'`);
    }
    const tree = await this.#reader.readTree(
      new URL(folder, target).toString(),
    );
    const files = await tree.files();
    return Promise.all(
      files.map(async ({ path, content }) => ({
        path,
        content: await content(),
      })),
    );
  }
}

async function readFolder(template: string, folder: string) {
  return listWorkspaceFiles(
    resolveSafeChildPath(dirname(template.replace(/^file:\/\//, '')), folder),
  );
}

/** Every text of the steps that names a folder beside the template. */
function foldersOf(value: unknown): string[] {
  if (typeof value === 'string') {
    return /^\.\/[\w./-]+$/.test(value) ? [value] : [];
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return [...new Set(Object.values(value).flatMap(foldersOf))];
}
