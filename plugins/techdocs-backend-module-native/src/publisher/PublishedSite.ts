import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, lstatSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { resolveSafeChildPath } from '@backstage/backend-plugin-api';
import { ConflictError } from '@backstage/errors';
import type { SiteFiles } from '@waystone/docs-renderer';
import { z } from 'zod';
import { withFolderLock } from './withFolderLock';

/** What is published is written down beside the pages; names with a dot are never served. */
const MANIFEST = '.waystone-files.json';
/** Read by whoever asks how old the pages are: published last. */
const METADATA = 'techdocs_metadata.json';
const AT_ONCE = 8;
/** Files that are looked at before others have their turn. */
const LOOKS_PER_TURN = 200;

const manifestSchema = z.record(z.string(), z.string());

/** What a publication has changed, as paths inside the site. */
export interface PublishedChanges {
  readonly written: readonly string[];
  readonly removed: readonly string[];
}

/**
 * The published pages of one entity. Only what is new is written, file by file in one step each, so that a reader never
 * sees half a page. A process that ends in between leaves a list of files that names none that it has touched: the next
 * build writes those again.
 */
export class PublishedSite {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** What is published, by the keys of the build that made it. Files that are not there any more are left out. */
  async files(): Promise<SiteFiles> {
    const [known, there] = await Promise.all([
      this.#readManifest(),
      listFiles(this.#folder),
    ]);
    return new Map([...known].filter(([file]) => there.has(file)));
  }

  /** What is published, without looking whether the files are there. */
  knownFiles(): Promise<SiteFiles> {
    return this.#readManifest();
  }

  /**
   * Publishes a folder.
   *
   * @param directory - Files that are new or have changed; others are left out of it when `files` has them.
   * @param files - All files of the site; undefined when the folder has all.
   * @param thorough - Whether to look for files that nobody has published.
   * @throws ConflictError when a file is neither in the folder nor published with the same key.
   */
  async publish(
    directory: string,
    files: SiteFiles | undefined,
    thorough: boolean,
  ): Promise<PublishedChanges> {
    await fs.mkdir(this.#folder, { recursive: true });
    const { dir, base } = path.parse(this.#folder);
    return withFolderLock(path.join(dir, `.${base}.lock`), () =>
      this.#publish(directory, files, thorough),
    );
  }

  async #publish(
    directory: string,
    given: SiteFiles | undefined,
    thorough: boolean,
  ): Promise<PublishedChanges> {
    const wanted = given ?? (await hashFiles(directory));
    const known = new Map(
      thorough || !given ? await this.files() : await this.#readManifest(),
    );
    const changed = [...wanted].filter(
      ([file, key]) => known.get(file) !== key,
    );
    const missing = await findMissing(directory, changed);
    if (missing !== undefined) {
      throw new ConflictError(
        `"${missing}" was published elsewhere in the meantime; the next build publishes it again`,
      );
    }
    const removed = [...known.keys()].filter(file => !wanted.has(file));
    for (const [file] of changed) known.delete(file);
    await this.#writeManifest(known);

    // First, so that no link is left to be written through
    if (thorough || !given) await removeOthers(this.#folder, wanted);
    // A page that was a folder before, or the other way round, finds its place free
    for (const file of removed) await this.#remove(file);
    const written = changed.map(([file]) => file);
    const put = this.#putInto({ directory, mayMove: given !== undefined });
    await eachOf(
      written.filter(file => file !== METADATA),
      put,
    );
    if (written.includes(METADATA)) await put(METADATA);
    await this.#writeManifest(wanted);
    return { written, removed };
  }

  /** Publishes one file after another. */
  #putInto({
    directory,
    mayMove,
  }: {
    readonly directory: string;
    /** Whether the folder is the build's own, and removed afterwards. */
    readonly mayMove: boolean;
  }): (file: string) => Promise<void> {
    const made = new Set<string>();
    return async file => {
      const from = path.join(directory, file);
      const to = resolveSafeChildPath(this.#folder, file);
      const folder = path.dirname(to);
      if (!made.has(folder)) await fs.mkdir(folder, { recursive: true });
      made.add(folder);
      if (mayMove && (await moved(from, to))) return;
      const temporary = path.join(folder, `.${randomUUID()}.part`);
      // Never a link: what it shares its bytes with may be written again
      await fs.copyFile(from, temporary);
      await fs.rename(temporary, to);
    };
  }

  /** Removes a file, and the folders that are empty then. */
  async #remove(file: string): Promise<void> {
    await fs.rm(resolveSafeChildPath(this.#folder, file), { force: true });
    for (
      let folder = path.dirname(file);
      folder !== '.';
      folder = path.dirname(folder)
    ) {
      try {
        await fs.rmdir(path.join(this.#folder, folder));
      } catch {
        // Not empty
        return;
      }
    }
  }

  async #readManifest(): Promise<SiteFiles> {
    try {
      const text = await fs.readFile(path.join(this.#folder, MANIFEST), 'utf8');
      return new Map(Object.entries(manifestSchema.parse(JSON.parse(text))));
    } catch {
      // Published by something else, or not at all
      return new Map();
    }
  }

  async #writeManifest(files: SiteFiles): Promise<void> {
    const temporary = path.join(this.#folder, `.${randomUUID()}.part`);
    await fs.writeFile(temporary, JSON.stringify(Object.fromEntries(files)));
    await fs.rename(temporary, path.join(this.#folder, MANIFEST));
  }
}

async function findMissing(
  directory: string,
  files: readonly (readonly [string, string])[],
): Promise<string | undefined> {
  for (const [index, [file]] of files.entries()) {
    if (index % LOOKS_PER_TURN === LOOKS_PER_TURN - 1) await setImmediate();
    // Without promises: for many small files they cost more than the looking
    const stat = lstatSync(path.join(directory, file), {
      throwIfNoEntry: false,
    });
    if (!stat?.isFile()) return file;
  }
  return undefined;
}

/** Moves a file that has no other name; false for one that has, and where the two places are on different disks. */
async function moved(from: string, to: string): Promise<boolean> {
  try {
    if (lstatSync(from).nlink > 1) return false;
    await fs.rename(from, to);
    return true;
  } catch {
    // Copied then, which says what is wrong if anything is
    return false;
  }
}

async function eachOf<T>(
  items: readonly T[],
  run: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const work = async () => {
    for (let item = queue.pop(); item !== undefined; item = queue.pop()) {
      await run(item);
    }
  };
  // All have ended when this ends, whatever becomes of them
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, work));
  for (const end of ended) {
    if (end.status === 'rejected') throw end.reason;
  }
}

/** Regular files below a folder. Links are neither followed nor published. */
async function listFiles(folder: string): Promise<ReadonlySet<string>> {
  const entries = await fs
    .readdir(folder, { recursive: true, withFileTypes: true })
    .catch(() => []);
  return new Set(
    entries
      .filter(entry => entry.isFile())
      .map(entry =>
        path
          .relative(folder, path.join(entry.parentPath, entry.name))
          .split(path.sep)
          .join('/'),
      ),
  );
}

/** Keys of all files of a folder, from their content. */
async function hashFiles(directory: string): Promise<SiteFiles> {
  const files = new Map<string, string>();
  for (const file of await listFiles(directory)) {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path.join(directory, file))) {
      hash.update(chunk as Buffer);
    }
    files.set(file, `sha256:${hash.digest('base64url')}`);
  }
  return files;
}

/** Removes what no build has made. Links are removed, never followed. */
async function removeOthers(
  folder: string,
  files: SiteFiles,
  inside = '',
): Promise<boolean> {
  const entries = await fs.readdir(path.join(folder, inside), {
    withFileTypes: true,
  });
  let left = false;
  for (const entry of entries) {
    const name = path.posix.join(inside, entry.name);
    const place = path.join(folder, name);
    if (entry.isDirectory()) {
      if (await removeOthers(folder, files, name)) left = true;
      else await fs.rmdir(place);
    } else if (
      (entry.isFile() && files.has(name)) ||
      (inside === '' && entry.name === MANIFEST)
    ) {
      left = true;
    } else {
      await fs.rm(place, { force: true });
    }
  }
  return left;
}
