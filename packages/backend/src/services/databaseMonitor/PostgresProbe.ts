import net from 'node:net';
import { Client, type ClientConfig } from 'pg';

/**
 * Asks the database for a sign of life.
 *
 * @internal
 */
export interface DatabaseProbe {
  /** Resolves if the database answers within the budget, otherwise rejects. */
  check(budgetMs: number): Promise<void>;
  /** Closes the connection, if there is one. */
  close(): void;
}

/**
 * Runs `select 1` over a connection of its own.
 *
 * @remarks
 *
 * It does not share a pool with anything: a pool that is busy, or whose
 * connections hang, must neither fail nor delay the check. After a failure the
 * socket is destroyed at once and the next check connects anew, because a query
 * that was sent to a frozen server cannot be taken back.
 *
 * @internal
 */
export class PostgresProbe implements DatabaseProbe {
  readonly #config: ClientConfig;
  #session: { client: Client; socket: net.Socket } | undefined;

  constructor(config: ClientConfig) {
    this.#config = config;
  }

  async check(budgetMs: number): Promise<void> {
    try {
      await withinBudget(this.#selectOne(), budgetMs);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  close(): void {
    this.#session?.socket.destroy();
    this.#session = undefined;
  }

  async #selectOne(): Promise<void> {
    if (!this.#session) {
      const socket = new net.Socket();
      const client = new Client({
        application_name: 'waystone_health',
        ...this.#config,
        stream: () => socket,
      });
      const session = { client, socket };
      this.#session = session;
      // Without a listener a broken idle connection would end the process.
      client.on('error', () => {
        socket.destroy();
        if (this.#session === session) {
          this.#session = undefined;
        }
      });
      await client.connect();
    }
    await this.#session.client.query('select 1');
  }
}

/**
 * Rejects when the promise takes longer than the budget.
 *
 * After a stall of the event loop the timer would fire before an answer that has
 * long arrived is read. One more turn of the loop lets the answer win.
 */
function withinBudget<T>(promise: Promise<T>, budgetMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      setImmediate(() =>
        reject(new Error(`No answer from the database in ${budgetMs} ms`)),
      );
    }, budgetMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
