import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type {
  BackstageCredentials,
  UrlReaderService,
} from '@backstage/backend-plugin-api';
import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import {
  getEntitySourceLocation,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import type { Entity } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { TemplateVersions } from '@waystone/plugin-golden-paths-common';
import { parseChangelog } from './parseChangelog';

const VERSION = 'waystone.dev/template-version';

/** Says how far what a golden path has made is behind it, by the changelog beside the template. */
export class TemplateVersionReader {
  readonly #catalog: CatalogService;
  readonly #reader: UrlReaderService;

  constructor(options: {
    readonly catalog: CatalogService;
    readonly reader: UrlReaderService;
  }) {
    this.#catalog = options.catalog;
    this.#reader = options.reader;
  }

  /**
   * @param version - the one that something was made with
   *
   * @returns Undefined if the caller sees no such template, or it has no version.
   */
  async read(
    templateRef: string,
    version: string,
    credentials: BackstageCredentials,
  ): Promise<TemplateVersions | undefined> {
    const template = await this.#catalog.getEntityByRef(
      parseEntityRef(templateRef, { defaultKind: 'template' }),
      { credentials },
    );
    const current = template?.metadata.annotations?.[VERSION];
    if (!template || !current) {
      return undefined;
    }
    const all = parseChangelog(await this.#readChangelog(template));
    const position = all.findIndex(each => each.version === version);
    return {
      templateRef: stringifyEntityRef(template),
      title: template.metadata.title ?? template.metadata.name,
      current,
      newer: position < 0 ? undefined : all.slice(0, position),
    };
  }

  /** The text of `<name>/CHANGELOG.md` beside the template; empty if there is none. */
  async #readChangelog(template: Entity): Promise<string> {
    const { target, type } = getEntitySourceLocation(template);
    const path = `./${template.metadata.name}/CHANGELOG.md`;
    try {
      if (type === 'file') {
        const folder = dirname(target.replace(/^file:\/\//, ''));
        return await readFile(resolveSafeChildPath(folder, path), 'utf8');
      }
      const file = await this.#reader.readUrl(new URL(path, target).toString());
      return (await file.buffer()).toString('utf8');
    } catch (error) {
      const { code, name } = error as { code?: string; name?: string };
      if (code === 'ENOENT' || name === 'NotFoundError') {
        return '';
      }
      throw error;
    }
  }
}
