import type { FaultTable } from './FaultTable';

/**
 * What every part of the sandbox gets.
 *
 * @public
 */
export interface SandboxContext {
  /** Where the sandbox is reached, such as `http://localhost:7008`, without a slash at the end. */
  readonly url: string;
  /** An existing folder for what has to survive a restart. A part keeps to `<stateFolder>/<its name>`. */
  readonly stateFolder: string;
  /**
   * The secret that the portal presents to every part: a bearer token, a password or an `X-Vault-Token`.
   *
   * @remarks
   * Made anew for each installation by the launcher. Other credentials come from {@link deriveToken}.
   */
  readonly token: string;
  /** Makes the same secret for the same purpose in every start of one installation, such as `kubernetes-admin`. */
  deriveToken(purpose: string): string;
  /** The PostgreSQL server in which databases and roles are created for real; undefined where there is none. */
  readonly postgres?: PostgresServer;
  /** Failures that somebody asked for. */
  readonly faults: FaultTable;
  /** A source of numbers in [0, 1) that is the same in every start for the same name. */
  random(name: string): () => number;
  /** Resolves after a realistic delay, shortened by the sandbox's speed. Rejects when the signal aborts. */
  delay(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Writes one line to the sandbox's log. */
  log(system: string, message: string): void;
}

/**
 * A PostgreSQL server with an account that may create roles and databases.
 *
 * @public
 */
export interface PostgresServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}
