import type { Knex } from 'knex';

const TABLE = 'docs_diagrams';
const KEPT_DAYS = 60;

/** Diagrams that were drawn before, by what they were drawn from: kept over builds, restarts and replicas. */
export class DiagramStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** The picture as the server answered it. */
  async find(key: string): Promise<string | undefined> {
    const row: { svg: string; old: boolean } | undefined = await this.#knex(
      TABLE,
    )
      .where({ key })
      .first(
        'svg',
        this.#knex.raw("used_at < now() - interval '1 day' as old"),
      );
    if (row?.old) {
      await this.#knex(TABLE)
        .where({ key })
        .update({ used_at: this.#knex.fn.now() });
    }
    return row?.svg;
  }

  async put(key: string, svg: string): Promise<void> {
    await this.#knex(TABLE)
      .insert({ key, svg, used_at: this.#knex.fn.now() })
      .onConflict('key')
      .merge();
  }

  /** Removes diagrams that no build has asked for in two months. */
  async prune(): Promise<void> {
    await this.#knex(TABLE)
      .whereRaw("used_at < now() - ?::int * interval '1 day'", [KEPT_DAYS])
      .delete();
  }
}
