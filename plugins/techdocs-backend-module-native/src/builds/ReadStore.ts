import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { Knex } from 'knex';

const FLUSH_MILLISECONDS = 5000;
/** A page that the same person opens again within this time is read once. */
const SAME_READ_MILLISECONDS = 30 * 60_000;
const MAX_REMEMBERED = 50_000;
const KEPT_DAYS = 400;

/**
 * Counts how often pages are opened, by day. Who opens them is remembered in this process for half an hour, so that
 * reloading a page does not count, and never written down.
 */
export class ReadStore {
  readonly #knex: Knex;
  readonly #logger: LoggerService;
  readonly #recent = new Map<string, number>();
  #waiting = new Map<string, Map<string, number>>();
  #timer?: NodeJS.Timeout;

  constructor(options: {
    readonly knex: Knex;
    readonly logger: LoggerService;
  }) {
    this.#knex = options.knex;
    this.#logger = options.logger;
  }

  /** Counts one opening of a page; it is written within five seconds. */
  count(read: {
    readonly entityRef: string;
    readonly page: string;
    readonly userRef: string;
  }): void {
    const { entityRef, page, userRef } = read;
    const key = `${userRef}\0${entityRef}\0${page}`;
    const now = Date.now();
    const before = this.#recent.get(key);
    if (before !== undefined && now - before < SAME_READ_MILLISECONDS) return;
    this.#recent.delete(key);
    this.#recent.set(key, now);
    for (const [oldest, time] of this.#recent) {
      const old = now - time >= SAME_READ_MILLISECONDS;
      if (!old && this.#recent.size <= MAX_REMEMBERED) break;
      this.#recent.delete(oldest);
    }
    const pages = this.#waiting.get(entityRef) ?? new Map<string, number>();
    this.#waiting.set(entityRef, pages);
    pages.set(page, (pages.get(page) ?? 0) + 1);
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.flush().catch(error =>
        this.#logger.warn('Reads of docs could not be kept', toError(error)),
      );
    }, FLUSH_MILLISECONDS);
    this.#timer.unref();
  }

  /** Writes what has been counted. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = new Map();
    const rows = [...waiting].flatMap(([entityRef, pages]) =>
      [...pages].map(([page, reads]) => ({
        entity_ref: entityRef,
        page,
        reads,
        day: this.#knex.raw("(now() at time zone 'UTC')::date"),
      })),
    );
    if (rows.length === 0) return;
    await this.#knex('docs_reads')
      .insert(rows)
      .onConflict(['entity_ref', 'page', 'day'])
      .merge({ reads: this.#knex.raw('docs_reads.reads + excluded.reads') });
  }

  /** Reads of each entity's docs in the last days. */
  async bySite(days: number): Promise<ReadonlyMap<string, number>> {
    const rows: { entity_ref: string; reads: string }[] = await this.#since(
      days,
    )
      .groupBy('entity_ref')
      .select('entity_ref')
      .sum({ reads: 'reads' });
    return new Map(rows.map(row => [row.entity_ref, Number(row.reads)]));
  }

  /** Pages of one entity's docs, most read first. */
  async byPage(
    entityRef: string,
    days: number,
  ): Promise<readonly { readonly page: string; readonly reads: number }[]> {
    const rows: { page: string; reads: string }[] = await this.#since(days)
      .where({ entity_ref: entityRef })
      .groupBy('page')
      .select('page', this.#knex.raw('sum(reads) as reads'))
      .orderBy([
        { column: 'reads', order: 'desc' },
        { column: 'page', order: 'asc' },
      ]);
    return rows.map(row => ({ page: row.page, reads: Number(row.reads) }));
  }

  /** Removes counts that nobody asks for any more. */
  async prune(): Promise<void> {
    await this.#knex('docs_reads')
      .whereRaw("day < (now() at time zone 'UTC')::date - ?::int", [KEPT_DAYS])
      .delete();
  }

  #since(days: number) {
    return this.#knex('docs_reads').whereRaw(
      "day > (now() at time zone 'UTC')::date - ?::int",
      [days],
    );
  }
}
