import fs from 'node:fs/promises';
import path from 'node:path';
import { DocsBuildError } from '../diagnostics/DocsBuildError';
import type { DocsProblem } from '../diagnostics/DocsProblem';
import { listFiles, type DocsFile } from './listFiles';
import { isPage } from './pageUrls';
import { readSiteConfig } from './readSiteConfig';
import type { NavEntry, SiteConfig } from './SiteConfig';
import { SiteFolder } from './SiteFolder';
import type { SiteLimits } from './SiteLimits';

/** Everything that a site is built from, before any page is read. */
export interface CollectedSite {
  readonly folder: SiteFolder;
  readonly config: SiteConfig;
  readonly files: readonly DocsFile[];
  readonly nav?: readonly NavEntry[];
  readonly problems: readonly DocsProblem[];
}

export interface CollectSiteOptions {
  readonly root: string;
  readonly defaultName?: string;
  readonly limits: SiteLimits;
  readonly signal?: AbortSignal;
}

const MAX_SITES = 100;

/**
 * Finds the configuration and the files of a site: `docs/` with or without mkdocs.yml, the sites that its `nav`
 * includes, and the README of the folder where there is nothing else.
 *
 * @throws DocsBuildError when there is nothing to show or the configuration cannot be used.
 */
export async function collectSite(
  options: CollectSiteOptions,
): Promise<CollectedSite> {
  const { root, defaultName, limits, signal } = options;
  const folder = await SiteFolder.open(root);
  const { config, problems: configProblems } = await readSiteConfig({
    folder,
    defaultName,
  });
  const listed = await listFiles({
    folder,
    directory: config.docsDir,
    exclude: config.excludeDocs,
    limits,
    signal,
  });
  const problems = [...configProblems, ...listed.problems];
  const files = [...listed.files];
  const nav = config.nav
    ? await includeSites(config.nav, {
        folder,
        directory: '.',
        limits,
        signal,
        files,
        problems,
        file: config.file ?? 'mkdocs.yml',
        sites: { count: 0 },
      })
    : undefined;
  if (!files.some(file => isStart(file.path))) await addReadme(folder, files);
  if (!files.some(file => isPage(file.path))) {
    throw DocsBuildError.of({
      severity: 'error',
      code: 'site-empty',
      message: `There is no page in "${config.docsDir}".`,
      fix: `Write ${path.posix.join(config.docsDir, 'index.md')}.`,
      file: config.file ?? config.docsDir,
    });
  }
  return { folder, config, files, nav, problems };
}

function isStart(file: string): boolean {
  return file === 'index.md' || file === 'README.md';
}

/** The README of the folder becomes the start page where the docs folder has none. */
async function addReadme(folder: SiteFolder, files: DocsFile[]): Promise<void> {
  for (const name of ['README.md', 'readme.md', 'Readme.md']) {
    const real = await folder.resolve(name);
    if (!real) continue;
    const { size, mtimeMs, ctimeMs } = await fs.stat(real);
    files.unshift({
      path: 'index.md',
      source: name,
      size,
      modified: mtimeMs,
      changed: ctimeMs,
    });
    return;
  }
}

interface IncludeOptions {
  readonly folder: SiteFolder;
  /** Folder of the mkdocs.yml whose nav is read. */
  readonly directory: string;
  readonly limits: SiteLimits;
  readonly signal?: AbortSignal;
  readonly files: DocsFile[];
  readonly problems: DocsProblem[];
  readonly file: string;
  readonly sites: { count: number };
}

const INCLUDE = /^[!*]include\s+(.+)$/;

/**
 * `!include ./a/mkdocs.yml` puts another site of the repository below an entry, `*include` every site that matches a
 * pattern. Its pages get addresses below its `site_name`.
 *
 * https://backstage.github.io/mkdocs-monorepo-plugin/
 */
async function includeSites(
  entries: readonly NavEntry[],
  options: IncludeOptions,
): Promise<NavEntry[]> {
  const result: NavEntry[] = [];
  for (const entry of entries) {
    if (entry.children) {
      result.push({
        ...entry,
        children: await includeSites(entry.children, options),
      });
      continue;
    }
    const include = INCLUDE.exec(entry.target ?? '');
    if (!include) {
      result.push(entry);
      continue;
    }
    const pattern = include[1].replace(/^["']|["']$/g, '');
    const targets = entry.target?.startsWith('*')
      ? await expandPattern(options.folder, options.directory, pattern)
      : [path.posix.join(options.directory, pattern)];
    const included: NavEntry[] = [];
    for (const target of targets) {
      const site = await includeSite(target, entry, options);
      if (site) included.push(site);
    }
    if (entry.target?.startsWith('*')) {
      result.push({ ...entry, target: undefined, children: included });
    } else if (included[0]) {
      result.push({ ...included[0], title: entry.title ?? included[0].title });
    }
  }
  return result;
}

async function includeSite(
  target: string,
  entry: NavEntry,
  options: IncludeOptions,
): Promise<NavEntry | undefined> {
  const { folder, limits, signal, files, problems, file, sites } = options;
  const directory = path.posix.dirname(target);
  const known = await folder.resolve(target);
  if (!known || ++sites.count > MAX_SITES) {
    problems.push({
      severity: 'error',
      code: 'nav-target-missing',
      message: `There is no "${target}" to include.`,
      fix: 'Name the mkdocs.yml of another folder of this repository.',
      file,
      line: entry.line,
      column: entry.column,
    });
    return undefined;
  }
  const { config, problems: found } = await readSiteConfig({
    folder,
    directory,
  });
  problems.push(...found);
  const alias = config.siteName
    .replace(/[^\w/-]+/g, '-')
    .replace(/^[-/]+|[-/]+$/g, '')
    .toLowerCase();
  const listed = await listFiles({
    folder,
    directory: config.docsDir,
    exclude: config.excludeDocs,
    limits,
    signal,
  });
  problems.push(...listed.problems);
  for (const inner of listed.files) {
    files.push({ ...inner, path: path.posix.join(alias, inner.path) });
  }
  const children = config.nav
    ? await includeSites(prefixTargets(config.nav, alias), {
        ...options,
        directory,
        file: config.file ?? target,
      })
    : listed.files
        .filter(inner => isPage(inner.path))
        .map(inner => ({ target: path.posix.join(alias, inner.path) }));
  return { title: config.siteName, children, line: entry.line };
}

function prefixTargets(
  entries: readonly NavEntry[],
  alias: string,
): NavEntry[] {
  return entries.map(entry => {
    if (entry.children) {
      return { ...entry, children: prefixTargets(entry.children, alias) };
    }
    return entry.target && !/^(?:[a-z]+:|[!*]include\s)/i.test(entry.target)
      ? { ...entry, target: path.posix.join(alias, entry.target) }
      : entry;
  });
}

/** A star in the pattern stands for the name of one folder. */
async function expandPattern(
  folder: SiteFolder,
  directory: string,
  pattern: string,
): Promise<string[]> {
  const parts = path.posix.join(directory, pattern).split('/');
  let found = ['.'];
  for (const part of parts) {
    const next: string[] = [];
    for (const base of found) {
      if (!part.includes('*')) {
        next.push(path.posix.join(base, part));
        continue;
      }
      const real = await folder.resolve(base);
      if (!real) continue;
      const expression = new RegExp(
        `^${part
          .split('*')
          .map(text => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
          .join('[^/]*')}$`,
      );
      const entries = await fs.readdir(real, { withFileTypes: true });
      for (const entry of entries.slice(0, 1000)) {
        if (expression.test(entry.name) && !entry.name.startsWith('.')) {
          next.push(path.posix.join(base, entry.name));
        }
      }
    }
    found = next.sort();
  }
  const existing: string[] = [];
  for (const candidate of found) {
    if (await folder.resolve(candidate)) existing.push(candidate);
  }
  return existing;
}
