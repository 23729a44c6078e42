import fs from 'node:fs/promises';
import path from 'node:path';

/**
 * The folder that a site is built from. Nothing outside of it is ever read: every path is resolved with its links
 * followed before the file is opened.
 */
export class SiteFolder {
  readonly root: string;
  readonly #realRoot: string;

  private constructor(root: string, realRoot: string) {
    this.root = root;
    this.#realRoot = realRoot;
  }

  static async open(root: string): Promise<SiteFolder> {
    return new SiteFolder(path.resolve(root), await fs.realpath(root));
  }

  /** The path with its links followed, or undefined when it does not exist or leads outside of the folder. */
  async resolve(relative: string): Promise<string | undefined> {
    const target = path.resolve(this.root, relative);
    let real: string;
    try {
      real = await fs.realpath(target);
    } catch {
      // Does not exist, or a link that leads nowhere
      return undefined;
    }
    return this.contains(real) ? real : undefined;
  }

  /** Whether a path that has no links in it is the folder or inside of it. */
  contains(real: string): boolean {
    const relative = path.relative(this.#realRoot, real);
    return (
      relative === '' ||
      (!relative.startsWith('..') && !path.isAbsolute(relative))
    );
  }

  /** Text of a file inside the folder; undefined when there is none. */
  async readText(
    relative: string,
    maxBytes: number,
  ): Promise<string | undefined> {
    const real = await this.resolve(relative);
    if (!real) return undefined;
    const stat = await fs.stat(real);
    if (!stat.isFile() || stat.size > maxBytes) return undefined;
    return decodeText(await fs.readFile(real)).text;
  }
}

/** Text of a file. Bytes that are not UTF-8 are read as Windows-1252, as most old files are. */
export function decodeText(bytes: Uint8Array): {
  readonly text: string;
  readonly utf8: boolean;
} {
  try {
    return {
      text: new TextDecoder('utf-8', { fatal: true }).decode(bytes),
      utf8: true,
    };
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), utf8: false };
  }
}
