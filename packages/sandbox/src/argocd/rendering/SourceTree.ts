import { posix } from 'node:path';
import { RenderError } from './RenderError';

/**
 * The files of one commit, held in memory. Paths are relative to the repository's root, without a slash at the start.
 *
 * @remarks
 * Nothing outside the repository can be reached: a path or a symbolic link that leaves it is an error.
 *
 * @internal
 */
export class SourceTree {
  readonly #files: ReadonlyMap<string, Buffer>;
  readonly #links: ReadonlyMap<string, string>;
  readonly #folders = new Map<string, Set<string>>([['', new Set()]]);

  /**
   * @param files - content by path
   * @param links - targets of symbolic links by path
   */
  constructor(
    files: ReadonlyMap<string, Buffer>,
    links: ReadonlyMap<string, string> = new Map(),
  ) {
    this.#files = files;
    this.#links = links;
    for (const path of [...files.keys(), ...links.keys()]) {
      this.#addToFolders(path);
    }
  }

  #addToFolders(path: string) {
    for (let child = path; child !== ''; ) {
      const slash = child.lastIndexOf('/');
      const parent = slash < 0 ? '' : child.slice(0, slash);
      const names = this.#folders.get(parent);
      const name = child.slice(slash + 1);
      if (names?.has(name)) {
        return;
      }
      if (names) {
        names.add(name);
      } else {
        this.#folders.set(parent, new Set([name]));
      }
      child = parent;
    }
  }

  /** The content of a file; undefined if there is none. */
  read(path: string): Buffer | undefined {
    return this.#files.get(this.#follow(path));
  }

  /** The content of a file as text; undefined if there is none. */
  readText(path: string): string | undefined {
    return this.read(path)?.toString('utf8');
  }

  isFolder(path: string): boolean {
    return this.#folders.has(this.#follow(path));
  }

  /** The names in a folder in order, empty if there is no such folder. */
  list(path: string): string[] {
    return [...(this.#folders.get(this.#follow(path)) ?? [])].sort();
  }

  /** Replaces the symbolic links in a path. */
  #follow(path: string): string {
    let current = path;
    for (let hops = 0; hops < 20; hops++) {
      const link = this.#firstLink(current);
      if (link === undefined) {
        return current;
      }
      const target = this.#links.get(link)!;
      if (posix.isAbsolute(target)) {
        throw outOfBounds(link);
      }
      const to = posix.normalize(posix.join(posix.dirname(link), target));
      if (to === '..' || to.startsWith('../')) {
        throw outOfBounds(link);
      }
      current = posix.join(to === '.' ? '' : to, current.slice(link.length));
      current = current === '.' ? '' : current.replace(/\/$/, '');
    }
    throw new RenderError(`too many symbolic links in ${path}`);
  }

  #firstLink(path: string): string | undefined {
    if (this.#links.size === 0) {
      return undefined;
    }
    const parts = path.split('/');
    for (let length = 1; length <= parts.length; length++) {
      const prefix = parts.slice(0, length).join('/');
      if (this.#links.has(prefix)) {
        return prefix;
      }
    }
    return undefined;
  }
}

function outOfBounds(link: string): RenderError {
  return new RenderError(
    `repository contains out-of-bounds symlinks. file: ${link}`,
  );
}

/**
 * Puts a relative path to a folder of the tree.
 *
 * @throws {@link RenderError} if the result is outside the repository.
 * @internal
 */
export function resolveInTree(folder: string, path: string): string {
  if (posix.isAbsolute(path)) {
    throw new RenderError(`${path}: app path is absolute`);
  }
  const joined = posix.normalize(posix.join(folder, path));
  if (joined === '..' || joined.startsWith('../')) {
    throw new RenderError(`${path}: app path outside root`);
  }
  return joined === '.' ? '' : joined.replace(/\/$/, '');
}
