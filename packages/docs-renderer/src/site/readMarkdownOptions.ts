import {
  DEFAULT_MARKDOWN_OPTIONS,
  type MarkdownOptions,
} from '../markdown/MarkdownOptions';

type Options = Readonly<Record<string, unknown>>;

/**
 * Reads `markdown_extensions`: a list of names and of `name: options`, or a mapping of names to options. Names are
 * looked up in a table; none is ever imported or run.
 */
export function readMarkdownOptions(value: unknown): MarkdownOptions {
  const extensions = namedOptions(value);
  const extra = extensions.get('pymdownx.extra');
  const find = (name: string): Options | undefined =>
    extensions.get(name) ??
    (extra?.[name] as Options | undefined) ??
    (extra ? {} : undefined);
  const toc = extensions.get('toc') ?? {};
  const highlight = extensions.get('pymdownx.highlight') ?? {};
  const magic = extensions.get('pymdownx.magiclink') ?? {};
  const snippets = find('pymdownx.snippets') ?? {};
  const slugify = describeSlugs(toc.slugify);
  return {
    permalink: readPermalink(toc.permalink),
    tocDepth: readDepth(toc.toc_depth),
    baseLevel: typeof toc.baselevel === 'number' ? toc.baselevel : 1,
    slugs: slugify,
    separator:
      typeof toc.separator === 'string' && /^[-_.~]$/.test(toc.separator)
        ? toc.separator
        : DEFAULT_MARKDOWN_OPTIONS.separator,
    lineNumbers: highlight.linenums === true,
    codeAnnotations: true,
    math: extensions.has('pymdownx.arithmatex'),
    includes: extensions.has('markdown_include.include'),
    blocks: [...extensions.keys()].some(name =>
      name.startsWith('pymdownx.blocks.'),
    ),
    breaks: extensions.has('nl2br'),
    critic: readCritic(extensions.get('pymdownx.critic')?.mode),
    repository:
      typeof magic.user === 'string' && typeof magic.repo === 'string'
        ? {
            url: `https://${
              magic.provider === 'gitlab' ? 'gitlab.com' : 'github.com'
            }/${encodeURIComponent(magic.user)}/${encodeURIComponent(
              magic.repo,
            )}`,
            shorthand: magic.repo_url_shorthand === true,
          }
        : undefined,
    snippetPaths: readStrings(snippets.base_path) ?? ['.'],
    autoAppend: readStrings(snippets.auto_append) ?? [],
  };
}

/** Names of extensions that are switched on, with their options. */
export function namedOptions(value: unknown): Map<string, Options> {
  const found = new Map<string, Options>();
  const add = (name: string, options: unknown) =>
    found.set(name, isOptions(options) ? options : {});
  if (Array.isArray(value)) {
    for (const item of value) {
      if (typeof item === 'string') add(item, {});
      else if (isOptions(item)) {
        for (const [name, options] of Object.entries(item)) add(name, options);
      }
    }
  } else if (isOptions(value)) {
    for (const [name, options] of Object.entries(value)) add(name, options);
  }
  return found;
}

function isOptions(value: unknown): value is Options {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readStrings(value: unknown): string[] | undefined {
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) return undefined;
  return value.filter((item): item is string => typeof item === 'string');
}

function readPermalink(value: unknown): string | false {
  if (value === false) return false;
  if (typeof value === 'string' && value.length <= 8) return value;
  return DEFAULT_MARKDOWN_OPTIONS.permalink;
}

function readDepth(value: unknown): readonly [number, number] {
  if (typeof value === 'number') return [1, Math.min(Math.max(value, 1), 6)];
  const range = /^([1-6])-([1-6])$/.exec(String(value ?? ''));
  return range
    ? [Number(range[1]), Number(range[2])]
    : DEFAULT_MARKDOWN_OPTIONS.tocDepth;
}

function readCritic(value: unknown): MarkdownOptions['critic'] {
  return value === 'accept' || value === 'reject' ? value : 'view';
}

/** `!!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}` arrives as a mapping with `kwds`. */
function describeSlugs(value: unknown): MarkdownOptions['slugs'] {
  if (value === undefined || value === null) return 'ascii';
  if (isOptions(value)) {
    const keywords = isOptions(value.kwds) ? value.kwds : {};
    return keywords.case === undefined || keywords.case === 'none'
      ? 'unicode-cased'
      : 'unicode';
  }
  return 'unicode';
}
