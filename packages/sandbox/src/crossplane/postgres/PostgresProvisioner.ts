import { createHash } from 'node:crypto';
import type { SandboxContext } from '../../core/SandboxContext';
import type { DatabaseAccess } from './accessObjects';
import { AsyncWork } from './AsyncWork';
import { databaseName } from './databaseNames';
import { DatabaseServer } from './DatabaseServer';
import type { OwnedDatabase } from './DatabaseServer';

/**
 * What the controllers of PostgreSQL share: the server, names and passwords, and work under way.
 *
 * @internal
 */
export class PostgresProvisioner {
  readonly work = new AsyncWork();
  /** Undefined where there is no PostgreSQL: everything is then simulated. */
  readonly server: DatabaseServer | undefined;
  readonly #context: SandboxContext;

  constructor(context: SandboxContext) {
    this.#context = context;
    this.server = context.postgres && new DatabaseServer(context.postgres);
  }

  /** The database of an object, or the copy that a backup is. */
  nameOf(
    kind: 'db' | 'bak',
    cluster: string,
    namespace: string,
    name: string,
  ): OwnedDatabase {
    const installation = this.#context.deriveToken('database-names');
    return databaseName(installation, kind, cluster, namespace, name);
  }

  accessOf(cluster: string, namespace: string, name: string): DatabaseAccess {
    const { database, owner } = this.nameOf('db', cluster, namespace, name);
    return {
      host: this.server?.host ?? `${name}-rw.${namespace}`,
      port: this.server?.port ?? 5432,
      database,
      username: owner,
      password: this.#password(database),
    };
  }

  /** Another one in each installation. */
  #password(purpose: string): string {
    return createHash('sha256')
      .update(this.#context.deriveToken(`database ${purpose}`))
      .digest('base64url')
      .slice(0, 32);
  }
}
