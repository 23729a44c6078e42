import type { Knex } from 'knex';

/** How many rows a statement removes: more would hold others up. */
const CHUNK = 5000;

/** Forgets what is too old or too much. */
export class HistoryRetention {
  readonly #knex: Knex;
  readonly #keepMilliseconds: number;
  readonly #mostChanges: number;

  constructor(options: {
    readonly knex: Knex;
    readonly keepMilliseconds: number;
    /** Of one entity: something may change it every minute. */
    readonly mostChanges: number;
  }) {
    this.#knex = options.knex;
    this.#keepMilliseconds = options.keepMilliseconds;
    this.#mostChanges = options.mostChanges;
  }

  /** @returns How many changes were removed. */
  async apply(signal?: AbortSignal): Promise<number> {
    const old = await this.#removeAll(
      'select id from waystone_history where changed_at < ? limit ?',
      [new Date(Date.now() - this.#keepMilliseconds), CHUNK],
      signal,
    );
    const excess = await this.#removeAll(
      `select id from (
         select id, row_number() over (partition by entity_ref order by id desc) as number
         from waystone_history where entity_ref in (
           select entity_ref from waystone_history group by 1 having count(*) > ?
         )
       ) numbered where number > ? limit ?`,
      [this.#mostChanges, this.#mostChanges, CHUNK],
      signal,
    );
    return old + excess;
  }

  async #removeAll(
    sql: string,
    bindings: Knex.RawBinding[],
    signal: AbortSignal | undefined,
  ): Promise<number> {
    let removed = 0;
    while (!signal?.aborted) {
      const { rowCount } = await this.#knex.transaction(async transaction => {
        // Nobody waits for it, and it counts all
        await transaction.raw(`set local statement_timeout = '120s'`);
        return transaction.raw<{ rowCount: number }>(
          `delete from waystone_history where id in (${sql})`,
          bindings,
        );
      });
      removed += rowCount;
      if (rowCount < CHUNK) {
        break;
      }
    }
    return removed;
  }
}
