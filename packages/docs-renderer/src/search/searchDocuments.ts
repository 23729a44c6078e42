import { escapeText } from '../markdown/highlight/PygmentsEmitter';
import type { SearchEntry } from './searchEntries';

/** The entries of a page as JSON, made once per page: a build then only puts them together. */
export interface SearchDocuments {
  /** Rest of the page's own entry after its title, which the navigation decides. */
  readonly page: string;
  /** Entries of the headings, each with a comma before it. */
  readonly sections: string;
}

/** @param entries - The page's own entry first, then those of its headings. */
export function searchDocuments(
  entries: readonly SearchEntry[],
): SearchDocuments {
  const [own, ...sections] = entries;
  return {
    page: JSON.stringify({
      location: own.location,
      text: escapeText(own.text),
    }).slice(1),
    sections: sections
      .map(
        entry =>
          `,${JSON.stringify({
            location: entry.location,
            text: escapeText(entry.text),
            title: escapeText(entry.title),
          })}`,
      )
      .join(''),
  };
}

/** The entries of a page under the title that the site gives it. */
export function withTitle(documents: SearchDocuments, title: string): string {
  return `{"title":${JSON.stringify(escapeText(title))},${documents.page}${
    documents.sections
  }`;
}
