import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  truncateSync,
} from 'node:fs';
import { appendFile, open, rename, stat, truncate } from 'node:fs/promises';
import path from 'node:path';
import type { KubernetesObject } from '../KubernetesCluster';
import { CUSTOM_RESOURCE_DEFINITION } from '../resources/ResourceType';

const FLUSH_AFTER_MS = 100;
/** Below this many superseded lines the file is not written anew. */
const LEAST_GARBAGE = 2_000;
const FORMAT = 'waystone-sandbox-kubernetes/1';

/**
 * One line of the file: an object as it was stored, or without it that it is gone.
 *
 * @internal
 */
export interface JournalEntry {
  readonly revision: number;
  readonly kind: string;
  readonly key: string;
  readonly object?: KubernetesObject;
}

/**
 * Keeps the objects of a cluster in a file, one write per line, the last line of an object counting.
 *
 * @remarks
 * Lines are appended together, a tenth of a second after the first. When most lines are superseded the file
 * is written anew beside the old one and moved over it. A line that was cut off at the end, as by a power
 * failure, is dropped; anything else that cannot be read stops the start.
 *
 * @internal
 */
export class ObjectJournal {
  readonly #file: string;
  readonly #log: (message: string) => void;
  /** The last line of each object, by kind and key; with the object itself, which the store shares. */
  readonly #latest = new Map<string, JournalEntry>();
  #pending: string[] = [];
  #lines = 0;
  #revision = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #closed = false;
  #failing = false;

  constructor(file: string, log: (message: string) => void) {
    this.#file = file;
    this.#log = log;
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  }

  /** Reads the file. To be called once, before the first append. */
  read(onEntry: (entry: JournalEntry) => void): { revision: number } {
    if (!existsSync(this.#file)) {
      closeSync(openSync(this.#file, 'a', 0o600));
      return { revision: 0 };
    }
    const bytes = readFileSync(this.#file);
    const complete = bytes.lastIndexOf(0x0a) + 1;
    if (complete < bytes.length) {
      this.#log(
        `${this.#file} ends in the middle of a line, which is dropped.`,
      );
      truncateSync(this.#file, complete);
    }
    let start = 0;
    let number = 0;
    while (start < complete) {
      const end = bytes.indexOf(0x0a, start);
      number += 1;
      const entry = this.#parse(bytes.toString('utf8', start, end), number);
      start = end + 1;
      if (entry) {
        this.#remember(entry);
      }
    }
    for (const entry of this.#latest.values()) {
      onEntry(entry);
    }
    return { revision: this.#revision };
  }

  append(entry: JournalEntry): void {
    if (this.#closed) {
      return;
    }
    this.#remember(entry);
    this.#pending.push(`${JSON.stringify(entry)}\n`);
    if (!this.#timer) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#writing = this.#writing.then(() => this.#flush());
      }, FLUSH_AFTER_MS);
      this.#timer.unref();
    }
  }

  /** Writes what is pending; nothing is written afterwards. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#flush());
    await this.#writing;
  }

  #parse(line: string, number: number): JournalEntry | undefined {
    try {
      const value = JSON.parse(line);
      if (value.format === FORMAT) {
        this.#revision = Math.max(this.#revision, value.revision);
        return undefined;
      }
      if (
        !Number.isSafeInteger(value.revision) ||
        typeof value.kind !== 'string' ||
        typeof value.key !== 'string'
      ) {
        throw new Error('not an entry of this file');
      }
      return value;
    } catch (error) {
      throw new Error(
        `The sandbox cannot read its Kubernetes objects: line ${number} of ${
          this.#file
        } is damaged (${
          error instanceof Error ? error.message : error
        }). Remove the file to start with an empty cluster, or restore it.`,
      );
    }
  }

  #remember(entry: JournalEntry): void {
    this.#lines += 1;
    this.#revision = Math.max(this.#revision, entry.revision);
    this.#latest.set(`${entry.kind} ${entry.key}`, entry);
  }

  async #flush(): Promise<void> {
    const lines = this.#pending;
    this.#pending = [];
    try {
      if (
        this.#lines - this.#latest.size > LEAST_GARBAGE &&
        this.#lines > 2 * this.#latest.size
      ) {
        await this.#rewrite();
      } else if (lines.length > 0) {
        await this.#append(lines);
      }
      this.#failing = false;
    } catch (error) {
      this.#pending = [...lines, ...this.#pending];
      // Once, not with every change until it can be written again.
      if (!this.#failing) {
        this.#failing = true;
        this.#log(
          `Cannot write ${this.#file}: ${
            error instanceof Error ? error.message : error
          }. Trying again with the next change.`,
        );
      }
    }
  }

  async #append(lines: readonly string[]): Promise<void> {
    const size = await stat(this.#file).then(
      found => found.size,
      () => 0,
    );
    try {
      await appendFile(this.#file, lines.join(''), { mode: 0o600 });
    } catch (error) {
      // Part of a line may have been written, after which nothing could be read.
      await truncate(this.#file, size);
      throw error;
    }
  }

  async #rewrite(): Promise<void> {
    for (const [address, entry] of this.#latest) {
      // That a built-in definition was removed has to be remembered; the rest is gone by not being there.
      if (!entry.object && entry.kind !== CUSTOM_RESOURCE_DEFINITION) {
        this.#latest.delete(address);
      }
    }
    // Entries of now: what is appended meanwhile comes after them.
    const entries = [...this.#latest.values()];
    const temporary = `${this.#file}.new`;
    const handle = await open(temporary, 'w', 0o600);
    try {
      await handle.write(
        `${JSON.stringify({ format: FORMAT, revision: this.#revision })}\n`,
      );
      for (let index = 0; index < entries.length; index += 200) {
        const lines = entries
          .slice(index, index + 200)
          .map(entry => `${JSON.stringify(entry)}\n`);
        await handle.write(lines.join(''));
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, this.#file);
    this.#lines = entries.length;
  }
}
