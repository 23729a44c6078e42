import { escapeText } from '../markdown/highlight/PygmentsEmitter';

/**
 * The entries of a page as JSON in UTF-8, made once per page: a build then only puts them together. The first, which is
 * the page's own, begins after its title, which the navigation decides.
 */
export type SearchDocuments = Uint8Array;

interface Section {
  readonly id: string;
  /** Its text as JSON, in pieces. */
  readonly text: string[];
}

const encoder = new TextEncoder();
const HEADING = /^h[1-6]$/;
const HEADING_ID = /\sid="([^"]*)"/;
const TAG = /<(\/?)([a-zA-Z][\w-]*)((?:[^>"]|"[^"]*")*)>/g;
/** White space beside single spaces, which is made one space. A run is matched from its first sign, whole. */
const WHITE_SPACE =
  /[\t\n\r\f\v\u00a0][ \t\n\r\f\v\u00a0]*| [ \t\n\r\f\v\u00a0]+/g;

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
 *
 * @param page.headings - Titles of the headings by their ids.
 */
export function searchDocuments(
  html: string,
  page: {
    readonly url: string;
    readonly headings: ReadonlyMap<string, string>;
  },
): SearchDocuments {
  const all: string[] = [];
  const sections: Section[] = [];
  let section: Section | undefined;
  let inHeading = false;
  let skipUntil = '';
  let at = 0;
  const take = (end: number) => {
    if (end <= at || skipUntil) return;
    const text = decode(html.slice(at, end));
    if (!text.trim()) return;
    const piece = jsonOf(text);
    all.push(piece);
    if (section && !inHeading) section.text.push(piece);
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
    if (HEADING.test(name)) {
      inHeading = !tag[1];
      if (inHeading) {
        section = { id: HEADING_ID.exec(tag[3])?.[1] ?? '', text: [] };
        sections.push(section);
      }
    }
  }
  take(html.length);
  const own = `"location":${JSON.stringify(page.url)},"text":"${joinPieces(
    all,
  )}"}`;
  return encoder.encode(
    own +
      sections
        .map(({ id, text }) => {
          const anchor = decode(id);
          const title = page.headings.get(anchor);
          if (title === undefined) return '';
          const location = JSON.stringify(`${page.url}#${anchor}`);
          return `,{"location":${location},"text":"${joinPieces(
            text,
          )}","title":${JSON.stringify(escapeText(title))}}`;
        })
        .join(''),
  );
}

/** The entries of pages under the titles that the site gives them, with commas in between. */
export function joinDocuments(
  pages: readonly {
    readonly title: string;
    readonly search: SearchDocuments;
  }[],
): Buffer {
  return Buffer.concat(
    pages.flatMap(({ title, search }, index) => [
      Buffer.from(
        `${index === 0 ? '' : ','}{"title":${JSON.stringify(
          escapeText(title),
        )},`,
      ),
      search,
    ]),
  );
}

/** A piece of text inside of a JSON string. Both the page's entry and its section's have it. */
function jsonOf(text: string): string {
  const tidy = text.replace(WHITE_SPACE, ' ');
  return JSON.stringify(escapeText(tidy)).slice(1, -1);
}

function joinPieces(pieces: readonly string[]): string {
  return pieces.join(' ').trim().replace(/ {2,}/g, ' ');
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
