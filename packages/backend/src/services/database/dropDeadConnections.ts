import { stringifyError } from '@backstage/errors';
import type { Knex } from 'knex';
import type { DatabaseMonitor } from '../databaseMonitor';

/** What is used of a connection of `pg`, beyond its public types. */
interface PgConnection {
  query(...args: unknown[]): unknown;
  connection: { stream: { destroy(error?: Error): void } };
  /** Knex does not hand out a connection that has this set. */
  __knex__disposed?: unknown;
}

/** The events of Knex' pool; both arguments of the second form are always given. */
interface Pool {
  on(event: 'release', listener: (connection: PgConnection) => void): void;
  on(
    event: 'createSuccess' | 'acquireSuccess' | 'destroySuccess',
    listener: (id: number, connection: PgConnection) => void,
  ): void;
}

/**
 * Keeps dead connections out of a pool.
 *
 * @remarks
 *
 * A connection can die in silence: a proxy hangs, a network drops packets, a
 * database moves to another machine. Knex notices nothing, and neither does the
 * statement timeout, which the other side would have to enforce. The pool fills with
 * such connections and every request fails until the process is restarted.
 *
 * So a query without an answer long after the statement timeout ends its connection.
 * And when the monitor has failed to reach the database, whatever was connected at
 * that time is replaced: what lies idle at once, what is in use when it comes back.
 *
 * @internal
 */
export function dropDeadConnections(options: {
  client: Knex;
  monitor: DatabaseMonitor;
  queryLimitMs: number;
}): void {
  const { client, monitor, queryLimitMs } = options;
  const pool: Pool | undefined = client.client.pool;
  if (!pool) {
    return;
  }
  const open = new Set<PgConnection>();
  const inUse = new Set<PgConnection>();

  pool.on('createSuccess', (_id, connection) => {
    open.add(connection);
    limitQueries(connection, queryLimitMs);
  });
  pool.on('destroySuccess', (_id, connection) => {
    open.delete(connection);
    inUse.delete(connection);
  });
  pool.on('acquireSuccess', (_id, connection) => inUse.add(connection));
  pool.on('release', connection => inUse.delete(connection));

  monitor.onFailure(error => {
    for (const connection of open) {
      connection.__knex__disposed ??= `Replaced, because the database was not reachable: ${stringifyError(
        error,
      )}`;
      if (!inUse.has(connection)) {
        connection.connection.stream.destroy();
      }
    }
  });
}

function limitQueries(connection: PgConnection, limitMs: number): void {
  const { query } = connection;
  connection.query = function limitedQuery(...args) {
    const callback = args.at(-1);
    if (typeof callback !== 'function') {
      return query.apply(connection, args);
    }
    const timer = setTimeout(() => {
      const error = new Error(
        `Connection terminated: no answer in ${limitMs / 1000} s`,
      );
      connection.__knex__disposed ??= error;
      connection.connection.stream.destroy(error);
    }, limitMs);
    timer.unref();
    return query.apply(connection, [
      ...args.slice(0, -1),
      (...results: unknown[]) => {
        clearTimeout(timer);
        callback(...results);
      },
    ]);
  };
}
