import fs from 'node:fs';
import path from 'node:path';

/** Pages that are kept for the next build of the same site. */
const MAX_PAGES = 5000;

/**
 * Writes pages, and gives one that was written before a second name instead of writing it again: a build of many pages
 * in which one has changed costs the one. TechDocs takes each build from a folder of its own and removes it then.
 */
export class WrittenPages {
  readonly #files = new Map<string, string>();
  readonly #folder?: string;
  #next = 0;

  /** @param folder - Where pages are kept, on the disk that sites are written to; undefined keeps none. */
  constructor(folder?: string) {
    this.#folder = folder;
  }

  /**
   * @param file - Where the page goes.
   * @param key - The same for the same page.
   * @param html - Makes the page when it is not there yet.
   */
  write(file: string, key: string, html: () => readonly Uint8Array[]): void {
    const known = this.#files.get(key);
    if (known) {
      try {
        fs.linkSync(known, file);
        this.#files.delete(key);
        this.#files.set(key, known);
        return;
      } catch {
        // Removed by somebody, or on another disk: written again
        this.#files.delete(key);
      }
    }
    writePieces(file, html());
    if (!this.#folder) return;
    try {
      const kept = path.join(this.#folder, String(this.#next++));
      fs.linkSync(file, kept);
      this.#files.set(key, kept);
    } catch {
      // A disk without links: every page is written every time
      return;
    }
    for (const [oldest, kept] of this.#files) {
      if (this.#files.size <= MAX_PAGES) break;
      this.#files.delete(oldest);
      fs.rmSync(kept, { force: true });
    }
  }
}

/** Writes a file of which pieces are shared with others, without putting them together first. */
export function writePieces(file: string, pieces: readonly Uint8Array[]): void {
  const descriptor = fs.openSync(file, 'w');
  try {
    const written = fs.writevSync(descriptor, pieces);
    const whole = pieces.reduce((sum, piece) => sum + piece.length, 0);
    if (written < whole) {
      // A nearly full disk, or a signal
      const rest = Buffer.concat(pieces).subarray(written);
      fs.writeFileSync(descriptor, rest);
    }
  } finally {
    fs.closeSync(descriptor);
  }
}
