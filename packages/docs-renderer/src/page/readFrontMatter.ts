import { z } from 'zod';
import { readYaml } from '../site/readYaml';

/** What front matter says of a page. */
export interface FrontMatter {
  readonly title?: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly hide: ReadonlySet<string>;
  readonly template?: string;
  /** Lines that it takes, its own marks included. */
  readonly lines: number;
}

const text = z.union([z.string(), z.number(), z.date()]).transform(String);
const list = z
  .union([z.array(text), text.transform(value => value.split(/\s*,\s*/))])
  .transform(values => values.filter(Boolean));
const schema = z.object({
  title: text.optional().catch(undefined),
  description: text.optional().catch(undefined),
  tags: list.catch([]).default([]),
  hide: list.catch([]).default([]),
});

const BLOCK = /^---[ \t]*\r?\n([\s\S]*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/m;
/**
 * MkDocs takes any first lines that look like `Key: value`, and with them sentences such as "Note: …". Only keys that
 * are really used so count here.
 */
const META =
  /^(?:(?:title|description|summary|authors?|date|tags|template|hide|status|icon|owner|version|keywords|category)[ \t]*:[^\n]*\n(?:[ \t]{4,}[^\n]*\n)*)+(?:\n|$)/i;
const EMPTY: FrontMatter = { tags: [], hide: new Set(), lines: 0 };
const MAX_CHARACTERS = 20_000;

/**
 * Takes front matter off a page: YAML between `---`, or MultiMarkdown's `Key: value` lines at the top, as MkDocs does.
 */
export function readFrontMatter(
  source: string,
  report: (message: string, line: number) => void,
): { readonly meta: FrontMatter; readonly body: string } {
  if (source.startsWith('---')) {
    const match = BLOCK.exec(source.slice(0, MAX_CHARACTERS));
    if (match?.index !== 0) return { meta: EMPTY, body: source };
    const yaml = readYaml(match[1], '');
    const lines = match[0].split('\n').length - 1;
    if (yaml.problems.length > 0) {
      const [problem] = yaml.problems;
      report(problem.message, (problem.line ?? 0) + 1);
      return {
        meta: { ...EMPTY, lines },
        body: source.slice(match[0].length),
      };
    }
    if (typeof yaml.data !== 'object' || yaml.data === null) {
      return { meta: EMPTY, body: source };
    }
    return {
      meta: describe(yaml.data, lines),
      body: source.slice(match[0].length),
    };
  }
  const match = META.exec(source.slice(0, MAX_CHARACTERS));
  if (!match) return { meta: EMPTY, body: source };
  const data: Record<string, string> = {};
  for (const pair of match[0].matchAll(/^([A-Za-z][\w-]*):[ \t]*([^\n]*)/gm)) {
    data[pair[1].toLowerCase()] = pair[2].trim();
  }
  return {
    meta: describe(data, match[0].split('\n').length - 1),
    body: source.slice(match[0].length),
  };
}

function describe(data: object, lines: number): FrontMatter {
  const read = schema.safeParse(data);
  if (!read.success) return { ...EMPTY, lines };
  return {
    title: read.data.title,
    description: read.data.description,
    tags: read.data.tags,
    hide: new Set(read.data.hide),
    lines,
  };
}
