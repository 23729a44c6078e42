import { readdirSync, statSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import ignore from 'ignore';
import { DocsBuildError } from '../diagnostics/DocsBuildError';
import type { DocsProblem } from '../diagnostics/DocsProblem';
import { isPage } from './pageUrls';
import type { SiteFolder } from './SiteFolder';
import type { SiteLimits } from './SiteLimits';

/** A file of a site. */
export interface DocsFile {
  /** Path inside the docs folder, which decides the address. */
  readonly path: string;
  /** Path inside the site's folder, where it is read from. */
  readonly source: string;
  readonly size: number;
  /** When it was last written, in milliseconds since 1970. */
  readonly modified: number;
  /** When anything of it was last changed, its name and times included, in milliseconds since 1970. */
  readonly changed: number;
}

export interface ListFilesOptions {
  readonly folder: SiteFolder;
  /** Folder to list, inside the site's folder. */
  readonly directory: string;
  /** Patterns as in .gitignore. */
  readonly exclude: string;
  readonly limits: SiteLimits;
  readonly signal?: AbortSignal;
}

/** Names that are never part of a site. */
const HIDDEN = /^\.(?!well-known$)/;
const TEMPLATES = /^(?:mkdocs\.ya?ml)$/;

/**
 * Lists the files of a docs folder in MkDocs' order. Links that lead out of the site's folder are left out and reported.
 *
 * @throws DocsBuildError beyond the limits.
 */
export async function listFiles(
  options: ListFilesOptions,
): Promise<{ readonly files: DocsFile[]; readonly problems: DocsProblem[] }> {
  const { folder, directory, exclude, limits, signal } = options;
  const files: DocsFile[] = [];
  const problems: DocsProblem[] = [];
  const excluded = ignore().add(exclude);
  let total = 0;
  let pages = 0;
  const refuse = (message: string, fix: string) => {
    throw DocsBuildError.of({
      severity: 'error',
      code: 'limit-reached',
      message,
      fix,
      file: directory,
    });
  };

  const walk = async (inside: string, depth: number): Promise<void> => {
    signal?.throwIfAborted();
    if (depth > limits.depth) {
      refuse(
        `Folders are nested more than ${limits.depth} deep.`,
        'Move the pages up.',
      );
    }
    await setImmediate();
    // Without promises: for many small files they cost more than the reading
    const entries = readdirSync(path.join(folder.root, directory, inside), {
      withFileTypes: true,
    });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      if (HIDDEN.test(entry.name)) continue;
      const name = path.posix.join(inside, entry.name);
      const source = path.posix.join(directory, name);
      let kind: { isDirectory(): boolean; isFile(): boolean } = entry;
      if (entry.isSymbolicLink()) {
        const real = await folder.resolve(source);
        if (!real) {
          problems.push({
            severity: 'warning',
            code: 'file-refused',
            message: 'This link leads out of the repository, or nowhere.',
            fix: 'Replace the link with the file.',
            file: source,
          });
          continue;
        }
        kind = await fs.stat(real);
        // A link to a folder may lead back up; pages are expected under their own names
        if (kind.isDirectory()) continue;
      }
      if (kind.isDirectory()) {
        if (exclude && excluded.ignores(`${name}/`)) continue;
        await walk(name, depth + 1);
      } else if (kind.isFile()) {
        if (TEMPLATES.test(entry.name)) continue;
        if (exclude && excluded.ignores(name)) continue;
        const { size, mtimeMs, ctimeMs } = statSync(
          path.join(folder.root, source),
        );
        const limit = isPage(name) ? limits.pageBytes : limits.fileBytes;
        if (size > limit) {
          problems.push({
            severity: 'warning',
            code: 'file-too-large',
            message: `The file has ${megabytes(size)} MB and is left out.`,
            fix: `Split it or make it smaller: up to ${megabytes(
              limit,
            )} MB are taken.`,
            file: source,
          });
          continue;
        }
        total += size;
        if (isPage(name)) pages++;
        files.push({
          path: name,
          source,
          size,
          modified: mtimeMs,
          changed: ctimeMs,
        });
        if (files.length > limits.files) {
          refuse(
            `The site has more than ${limits.files} files.`,
            'Leave some out with exclude_docs, or split the site.',
          );
        }
        if (pages > limits.pages) {
          refuse(
            `The site has more than ${limits.pages} pages.`,
            'Leave some out with exclude_docs, or split the site.',
          );
        }
        if (total > limits.totalBytes) {
          refuse(
            `The site has more than ${megabytes(limits.totalBytes)} MB.`,
            'Leave large files out with exclude_docs.',
          );
        }
      }
    }
  };
  const real = await folder.resolve(directory);
  if (real && (await fs.stat(real)).isDirectory()) await walk('', 0);
  return { files: withoutTwins(files, problems), problems };
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1).replace(/\.0$/, '');
}

/**
 * Leaves out pages whose address is another's, as MkDocs does: index.md wins over README.md of its folder, and both over
 * a page beside the folder that has its name. Whoever wrote both does not know the latter, so it is reported.
 */
function withoutTwins(
  files: readonly DocsFile[],
  problems: DocsProblem[],
): DocsFile[] {
  const starts = new Map<string, DocsFile>();
  for (const file of files) {
    const name = path.posix.basename(file.path);
    const folder = path.posix.dirname(file.path);
    if (name === 'index.md' || (name === 'README.md' && !starts.has(folder))) {
      starts.set(folder, file);
    }
  }
  return files.filter(file => {
    const { dir, name, base } = path.posix.parse(file.path);
    if (base === 'README.md') return starts.get(dir || '.') === file;
    const start = isPage(base) && starts.get(path.posix.join(dir, name));
    if (!start) return true;
    problems.push({
      severity: 'warning',
      code: 'address-taken',
      message: `The page is left out: "${start.source}" has the same address.`,
      fix: 'Rename one of the two, or put both into one page.',
      file: file.source,
      line: 1,
    });
    return false;
  });
}
