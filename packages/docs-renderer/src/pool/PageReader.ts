import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { PageSource } from '../page/RenderedPage';
import { hashOf } from '../page/renderPage';
import type { DocsFile } from '../site/listFiles';
import { decodeText } from '../site/SiteFolder';

/** Files beyond this number are read again. */
const MAX_FILES = 20_000;
/** A file that was written this short before it was read may be written again without its times telling it. */
const FRESH_MILLISECONDS = 2000;

interface KnownFile {
  readonly stamp: string;
  readonly content: string;
}

/** Reads pages, and tells without reading them which have not changed since. */
export class PageReader {
  readonly #known = new Map<string, KnownFile>();

  /** Hash of the text of a page; undefined when only reading it can tell. */
  contentOf(root: string, file: DocsFile): string | undefined {
    const known = this.#known.get(path.join(root, file.source));
    return known?.stamp === stampOf(file) ? known.content : undefined;
  }

  /** Reads a page. */
  read(
    root: string,
    file: DocsFile,
  ): { readonly source: PageSource; readonly content: string } {
    const name = path.join(root, file.source);
    const begin = Date.now();
    // Without promises: for many small files they cost more than the reading
    const { text, utf8 } = decodeText(readFileSync(name));
    const content = hashOf(text);
    this.#known.delete(name);
    if (Math.max(file.modified, file.changed) < begin - FRESH_MILLISECONDS) {
      this.#known.set(name, { stamp: stampOf(file), content });
      for (const oldest of this.#known.keys()) {
        if (this.#known.size <= MAX_FILES) break;
        this.#known.delete(oldest);
      }
    }
    return { source: { path: file.path, text, utf8 }, content };
  }
}

function stampOf({ size, modified, changed }: DocsFile): string {
  return `${size}-${modified}-${changed}`;
}
