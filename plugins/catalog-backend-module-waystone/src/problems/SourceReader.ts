import type { UrlReaderService } from '@backstage/backend-plugin-api';
import { MOST_CHARACTERS } from '@waystone/plugin-catalog-checks-common';
import { readFile, stat } from 'node:fs/promises';
import { basename, isAbsolute } from 'node:path';

const TIMEOUT_MS = 10_000;
/** How long a text is kept: people click through the pages of one file. */
const KEPT_MS = 30_000;
const MOST_KEPT = 50;

/** The text of a catalog file, and what to call it. */
export interface SourceText {
  readonly text: string;
  readonly file: string;
  /** When it was changed, as RFC 3339, if that is known. */
  readonly changedAt?: string;
}

/** Reads catalog files again, from where the catalog itself has read them. */
export class SourceReader {
  readonly #urlReader: UrlReaderService;
  readonly #kept = new Map<string, { at: number; source: SourceText }>();

  constructor(options: { readonly urlReader: UrlReaderService }) {
    this.#urlReader = options.urlReader;
  }

  /**
   * @param locationKey - what the catalog has noted, such as `url:https://…`; an entity's annotations may say
   * anything
   * @param options - `local`: whether files of this machine may be opened
   * @returns Undefined if the source is no file
   */
  async read(
    locationKey: string,
    options: { readonly local: boolean },
  ): Promise<SourceText | undefined> {
    const kept = this.#kept.get(locationKey);
    if (kept && Date.now() - kept.at < KEPT_MS) {
      return kept.source;
    }
    const source = await this.#open(locationKey, options.local);
    if (source) {
      this.#kept.delete(locationKey);
      this.#kept.set(locationKey, { at: Date.now(), source });
      for (const key of this.#kept.keys()) {
        if (this.#kept.size <= MOST_KEPT) {
          break;
        }
        this.#kept.delete(key);
      }
    }
    return source;
  }

  async #open(
    locationKey: string,
    local: boolean,
  ): Promise<SourceText | undefined> {
    const [type] = locationKey.split(':', 1);
    const target = locationKey.slice(type.length + 1);
    if (type === 'file' && local && isAbsolute(target)) {
      const { mtime, size } = await stat(target);
      if (size > MOST_CHARACTERS) {
        throw new Error(`It has ${size} bytes`);
      }
      return {
        text: await readFile(target, 'utf8'),
        file: basename(target),
        changedAt: mtime.toISOString(),
      };
    }
    if (type === 'url') {
      const response = await this.#urlReader.readUrl(target, {
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const text = (await response.buffer()).toString('utf8');
      return { text, file: basename(new URL(target).pathname) };
    }
    return undefined;
  }
}
