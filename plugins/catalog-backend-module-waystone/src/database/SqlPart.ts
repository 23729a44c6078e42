import type { Knex } from 'knex';

/** A piece of a statement with the values of its question marks. */
export interface SqlPart {
  readonly sql: string;
  readonly bindings: readonly Knex.RawBinding[];
}

/** @internal */
export function sqlPart(sql: string, ...bindings: unknown[]): SqlPart {
  return { sql, bindings: bindings as Knex.RawBinding[] };
}

/** All of them; true if there are none. */
export function allOf(parts: readonly SqlPart[]): SqlPart {
  return joined(parts, ' and ', 'true');
}

/** One of them; false if there are none. */
export function anyOf(parts: readonly SqlPart[]): SqlPart {
  return joined(parts, ' or ', 'false');
}

function joined(
  parts: readonly SqlPart[],
  word: string,
  none: string,
): SqlPart {
  return {
    sql: parts.length
      ? `(${parts.map(({ sql }) => sql).join(word)})`
      : `(${none})`,
    bindings: parts.flatMap(({ bindings }) => bindings),
  };
}
