import path from 'node:path';
import { isMap, isScalar, isSeq, type Document, type LineCounter } from 'yaml';
import { DocsBuildError } from '../diagnostics/DocsBuildError';
import type { DocsProblem } from '../diagnostics/DocsProblem';
import { namedOptions, readMarkdownOptions } from './readMarkdownOptions';
import { readYaml } from './readYaml';
import type { NavEntry, SiteConfig } from './SiteConfig';
import type { SiteFolder } from './SiteFolder';

const CONFIG_NAMES = ['mkdocs.yaml', 'mkdocs.yml'];
const MAX_CONFIG_BYTES = 1024 * 1024;
const MAX_INHERITANCE = 5;

/** Keys of mkdocs.yml that would run code, and what we say of them. They are never followed. */
const CODE_KEYS: ReadonlyMap<string, string> = new Map([
  ['hooks', 'Python files that MkDocs would run'],
  ['extra_javascript', 'scripts, which the portal does not run'],
]);

export interface ReadSiteConfigOptions {
  readonly folder: SiteFolder;
  /** Folder of mkdocs.yml inside the site's folder. Default: the folder itself */
  readonly directory?: string;
  /** Name where mkdocs.yml gives none. */
  readonly defaultName?: string;
}

export interface ReadSiteConfigResult {
  readonly config: SiteConfig;
  readonly problems: readonly DocsProblem[];
}

/**
 * Reads mkdocs.yml. Where there is none, the pages are in `docs/` and the name is the given one.
 *
 * @throws DocsBuildError when the file cannot be read as YAML, or asks for something outside of the folder.
 */
export async function readSiteConfig(
  options: ReadSiteConfigOptions,
): Promise<ReadSiteConfigResult> {
  const { folder, directory = '.', defaultName = 'Documentation' } = options;
  for (const name of CONFIG_NAMES) {
    const file = path.posix.join(directory, name);
    const text = await folder.readText(file, MAX_CONFIG_BYTES);
    if (text === undefined) continue;
    return parseConfig({ folder, file, text, directory, defaultName });
  }
  return {
    config: siteOf({}, { directory, defaultName }),
    problems: [],
  };
}

interface ParseOptions {
  readonly folder: SiteFolder;
  readonly file: string;
  readonly text: string;
  readonly directory: string;
  readonly defaultName: string;
}

async function parseConfig(
  options: ParseOptions,
): Promise<ReadSiteConfigResult> {
  const { folder, file, text, directory, defaultName } = options;
  const yaml = readYaml(text, file);
  refuseOnError(yaml.problems);
  const problems: DocsProblem[] = [];
  const own = asMapping(yaml.data);
  if (yaml.data !== null && yaml.data !== undefined && !own) {
    throw DocsBuildError.of({
      severity: 'error',
      code: 'config-invalid',
      message: 'The file is not a mapping of keys to values.',
      fix: 'Start it with "site_name: …".',
      file,
      line: 1,
      column: 1,
    });
  }
  const data = await inherit(folder, file, own ?? {}, 0);
  for (const [key, what] of CODE_KEYS) {
    if (data[key] !== undefined) {
      problems.push({
        severity: 'warning',
        code: 'config-unsupported',
        message: `"${key}" is left out: it names ${what}.`,
        fix: `Remove "${key}" from the file.`,
        file,
        ...placeOf(yaml.document, yaml.lines, [key]),
      });
    }
  }
  const theme = asMapping(data.theme);
  if (theme?.custom_dir !== undefined) {
    problems.push({
      severity: 'warning',
      code: 'config-unsupported',
      message:
        '"theme.custom_dir" is left out: pages take the look of the portal.',
      fix: 'Remove "custom_dir" from "theme".',
      file,
      ...placeOf(yaml.document, yaml.lines, ['theme', 'custom_dir']),
    });
  }
  const docsDir = data.docs_dir;
  if (
    typeof docsDir === 'string' &&
    !isInside(path.posix.join(directory, docsDir), docsDir)
  ) {
    throw DocsBuildError.of({
      severity: 'error',
      code: 'config-refused',
      message: `"docs_dir: ${docsDir}" leads out of the repository's folder.`,
      fix: 'Use a path below the folder of mkdocs.yml.',
      file,
      ...placeOf(yaml.document, yaml.lines, ['docs_dir']),
    });
  }
  return {
    config: {
      ...siteOf(data, { directory, defaultName }),
      file,
      nav:
        own?.nav !== undefined
          ? readNavNode(yaml.document.get('nav', true), yaml.lines)
          : readNavData(data.nav),
    },
    problems,
  };
}

function refuseOnError(problems: readonly DocsProblem[]): void {
  if (problems.length === 0) return;
  const [first] = problems;
  throw new DocsBuildError(
    `${first.file}:${first.line ?? 1}: ${first.message} ${first.fix}`,
    problems,
  );
}

/** Merges what `INHERIT: ../base.yml` names, which must be inside the site's folder. */
async function inherit(
  folder: SiteFolder,
  file: string,
  data: Mapping,
  depth: number,
): Promise<Mapping> {
  const parent = data.INHERIT;
  if (parent === undefined) return data;
  const target =
    typeof parent === 'string'
      ? path.posix.join(path.posix.dirname(file), parent)
      : '';
  const text =
    depth < MAX_INHERITANCE && target && !path.posix.isAbsolute(String(parent))
      ? await folder.readText(target, MAX_CONFIG_BYTES)
      : undefined;
  if (text === undefined) {
    throw DocsBuildError.of({
      severity: 'error',
      code: 'config-refused',
      message: `"INHERIT: ${String(
        parent,
      )}" is not a file of this repository's folder.`,
      fix: 'Name a file below the folder that the docs are built from, or remove INHERIT.',
      file,
    });
  }
  const yaml = readYaml(text, target);
  refuseOnError(yaml.problems);
  const base = await inherit(
    folder,
    target,
    asMapping(yaml.data) ?? {},
    depth + 1,
  );
  return merge(base, data);
}

/** Mappings are merged, everything else is replaced: as MkDocs does. */
function merge(base: Mapping, own: Mapping): Mapping {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(own)) {
    const below = asMapping(merged[key]);
    const above = asMapping(value);
    merged[key] = below && above ? merge(below, above) : value;
  }
  return merged;
}

function siteOf(
  data: Mapping,
  at: { readonly directory: string; readonly defaultName: string },
): SiteConfig {
  const plugins = namedOptions(data.plugins);
  const repositoryUrl = asWebUrl(data.repo_url);
  const literate = plugins.get('literate-nav');
  const literateFile = literate?.nav_file;
  const redirectMaps = asMapping(plugins.get('redirects')?.redirect_maps);
  return {
    siteName: asText(data.site_name) ?? at.defaultName,
    siteDescription: asText(data.site_description),
    repositoryUrl,
    editUrl: readEditUrl(repositoryUrl, data.edit_uri),
    editUrlTemplate: readEditUrl(repositoryUrl, data.edit_uri_template, true),
    docsDir: path.posix.join(
      at.directory,
      typeof data.docs_dir === 'string' ? data.docs_dir : 'docs',
    ),
    excludeDocs: asText(data.exclude_docs) ?? '',
    notInNav: asText(data.not_in_nav) ?? '',
    directoryUrls: data.use_directory_urls !== false,
    markdown: readMarkdownOptions(data.markdown_extensions),
    literateNav: literate && (asText(literateFile) ?? 'SUMMARY.md'),
    awesomePages: plugins.has('awesome-pages') || plugins.has('awesome-nav'),
    redirects: new Map(
      Object.entries(redirectMaps ?? {}).flatMap(([from, to]) =>
        typeof to === 'string' ? [[from, to] as const] : [],
      ),
    ),
    copyright: asText(data.copyright),
  };
}

/** MkDocs' rule: known forges have a default; otherwise there is no link without `edit_uri`. */
function readEditUrl(
  repositoryUrl: string | undefined,
  value: unknown,
  template = false,
): string | undefined {
  const uri = asText(value);
  if (uri && /^https?:\/\//i.test(uri)) return uri;
  if (!repositoryUrl) return undefined;
  const base = repositoryUrl.replace(/\/+$/, '');
  if (template) return uri ? `${base}/${uri.replace(/^\/+/, '')}` : undefined;
  let relative = uri;
  if (relative === undefined && value !== '') {
    const host = new URL(repositoryUrl).hostname;
    if (host === 'github.com' || host === 'gitlab.com') {
      relative = 'edit/master/docs/';
    } else if (host === 'bitbucket.org') relative = 'src/default/docs/';
  }
  if (!relative) return undefined;
  if (relative.startsWith('?') || relative.startsWith('#')) {
    return `${base}${relative}`;
  }
  return `${base}/${relative.replace(/^\/+/, '').replace(/\/*$/, '/')}`;
}

type Mapping = Readonly<Record<string, unknown>>;

function asMapping(value: unknown): Mapping | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Mapping)
    : undefined;
}

function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : undefined;
}

function asWebUrl(value: unknown): string | undefined {
  const text = asText(value);
  return text && URL.canParse(text) && /^https?:/i.test(text)
    ? text
    : undefined;
}

function isInside(joined: string, original: string): boolean {
  return (
    !path.posix.isAbsolute(original) &&
    !original.includes('\\') &&
    joined !== '..' &&
    !joined.startsWith('../')
  );
}

function placeOf(
  document: Document,
  lines: LineCounter,
  keys: readonly string[],
): { readonly line?: number; readonly column?: number } {
  const node = document.getIn(keys, true);
  const range =
    typeof node === 'object' && node !== null && 'range' in node
      ? (node.range as [number, number, number] | null | undefined)
      : undefined;
  if (!range) return {};
  const at = lines.linePos(range[0]);
  return { line: at.line, column: at.col };
}

/** `nav` with the places of its entries. */
function readNavNode(
  node: unknown,
  lines: LineCounter,
): readonly NavEntry[] | undefined {
  if (!isSeq(node)) return undefined;
  const entries: NavEntry[] = [];
  const at = (item: { range?: [number, number, number] | null }) => {
    const position = item.range ? lines.linePos(item.range[0]) : undefined;
    return { line: position?.line, column: position?.col };
  };
  for (const item of node.items) {
    if (isScalar(item) && item.value !== null) {
      entries.push({ target: withTag(item), ...at(item) });
    } else if (isMap(item)) {
      for (const pair of item.items) {
        const key = pair.key;
        const value = pair.value;
        const title = String(isScalar(key) ? key.value : key);
        if (isSeq(value)) {
          entries.push({
            title,
            children: readNavNode(value, lines),
            ...at(value),
          });
        } else if (isScalar(value) && value.value !== null) {
          entries.push({ title, target: withTag(value), ...at(value) });
        }
      }
    }
  }
  return entries;
}

/** `!include path` is read by YAML as a tag unless it is in quotes. */
function withTag(item: { readonly tag?: string; readonly value: unknown }) {
  return item.tag === '!include'
    ? `!include ${String(item.value)}`
    : String(item.value);
}

/** `nav` of an inherited file, whose places are not those of this file. */
function readNavData(value: unknown): readonly NavEntry[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.flatMap((item): NavEntry[] => {
    if (typeof item === 'string') return [{ target: item }];
    const mapping = asMapping(item);
    return Object.entries(mapping ?? {}).map(([title, inner]) =>
      Array.isArray(inner)
        ? { title, children: readNavData(inner) }
        : { title, target: String(inner) },
    );
  });
}
