import type { Knex } from 'knex';

/**
 * Reads by a statement that PostgreSQL does not compile: for a long one it would take seconds, to save a fraction of
 * one.
 */
export async function runUncompiled<Row>(
  knex: Knex,
  sql: string,
  bindings: readonly Knex.RawBinding[],
): Promise<Row[]> {
  return knex.transaction(
    async transaction => {
      await transaction.raw('set local jit = off');
      const { rows } = await transaction.raw<{ rows: Row[] }>(sql, [
        ...bindings,
      ]);
      return rows;
    },
    { readOnly: true },
  );
}
