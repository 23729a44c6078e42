import fs from 'node:fs/promises';
import path from 'node:path';
import { hashOf } from '../page/renderPage';

/** Files of a finished site: path inside it to a key, which is the same only for the same content. */
export type SiteFiles = ReadonlyMap<string, string>;

/**
 * The folder that a site is written to. What is published already, with the same key, is left out: a build in which one
 * page has changed writes that page.
 */
export class SiteOutput {
  readonly directory: string;
  readonly #published: SiteFiles;
  readonly #files = new Map<string, string>();

  /** Whether it is told what is published: a build then leaves out what has not changed. */
  readonly knowsPublished: boolean;

  constructor(directory: string, published?: SiteFiles) {
    this.directory = directory;
    this.knowsPublished = published !== undefined;
    this.#published = published ?? new Map();
  }

  /** All files of the site, written or left out. */
  get files(): SiteFiles {
    return this.#files;
  }

  /** The key that a file is published with. */
  publishedKey(file: string): string | undefined {
    return this.#published.get(file);
  }

  /** Notes that the site has a file. */
  add(file: string, key: string): void {
    this.#files.set(file, key);
  }

  /**
   * Notes that the site has a file.
   *
   * @returns Whether it has to be written.
   */
  claim(file: string, key: string): boolean {
    this.#files.set(file, key);
    return this.#published.get(file) !== key;
  }

  /** Writes a file, unless it is published with the same text. */
  async write(file: string, text: string): Promise<void> {
    if (!this.claim(file, hashOf(text))) return;
    const target = path.join(this.directory, file);
    await fs.mkdir(path.dirname(target), { recursive: true });
    await fs.writeFile(target, text);
  }
}
