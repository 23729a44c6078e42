/** One entry of MkDocs' search index. */
export interface SearchEntry {
  readonly location: string;
  readonly text: string;
  readonly title: string;
}

const HEADING_ID = /\sid="([^"]*)"/;
const TAG = /<(\/?)([a-zA-Z][\w-]*)((?:[^>"]|"[^"]*")*)>/g;

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  gt: '>',
  lt: '<',
  nbsp: ' ',
  para: '¶',
  quot: '"',
};

/**
 * The entries of a page, one for the page and one for each heading, with the text that MkDocs' search plugin finds. Signs
 * of permalinks and numbers of lines are left out: nobody searches for them.
 */
export function searchEntries(
  html: string,
  page: {
    readonly url: string;
    readonly title: string;
    readonly headings: ReadonlyMap<string, string>;
  },
): SearchEntry[] {
  const all: string[] = [];
  const sections: { id: string; text: string[] }[] = [];
  let section: { id: string; text: string[] } | undefined;
  let inHeading = false;
  let skipUntil = '';
  let at = 0;
  const take = (end: number) => {
    if (end <= at || skipUntil) return;
    const text = decode(html.slice(at, end));
    if (!text.trim()) return;
    all.push(text);
    if (section && !inHeading) section.text.push(text.replace(/\n+$/, ''));
  };
  TAG.lastIndex = 0;
  for (let tag = TAG.exec(html); tag; tag = TAG.exec(html)) {
    take(tag.index);
    at = TAG.lastIndex;
    const name = tag[2];
    if (skipUntil) {
      if (tag[1] && name === skipUntil) skipUntil = '';
    } else if (!tag[1]) {
      if (
        (name === 'a' && tag[3].includes('class="headerlink"')) ||
        (name === 'td' && tag[3].includes('class="linenos"'))
      ) {
        skipUntil = name;
      }
    }
    if (/^h[1-6]$/.test(name)) {
      inHeading = !tag[1];
      if (inHeading) {
        section = { id: HEADING_ID.exec(tag[3])?.[1] ?? '', text: [] };
        sections.push(section);
      }
    }
  }
  take(html.length);
  return [
    { location: page.url, text: tidy(all.join('\n')), title: page.title },
    ...sections.flatMap(({ id, text }) => {
      const title = page.headings.get(decode(id));
      return title === undefined
        ? []
        : [
            {
              location: `${page.url}#${decode(id)}`,
              text: tidy(text.join(' ')),
              title,
            },
          ];
    }),
  ];
}

function decode(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi,
    (all, decimal?: string, hex?: string, name?: string) => {
      if (name) return ENTITIES[name] ?? all;
      const code = decimal ? Number(decimal) : parseInt(hex ?? '', 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
    },
  );
}

function tidy(text: string): string {
  return text
    .replace(/\u00a0/g, ' ')
    .trim()
    .replace(/[ \t\n\r\f\v]+/g, ' ');
}
