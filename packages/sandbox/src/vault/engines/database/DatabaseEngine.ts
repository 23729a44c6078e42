import { readBoolean, readList, readSeconds, readText } from '../../fields';
import { answerKeys } from '../../VaultBackend';
import type {
  BackendAnswer,
  BackendRequest,
  BackendRoute,
  VaultBackend,
} from '../../VaultBackend';
import { invalidRequest, VaultError } from '../../VaultError';
import type { LeaseRecord } from '../../VaultState';
import { DEFAULT_TTL_SECONDS } from '../../VaultTokens';
import {
  createPassword,
  createUsername,
  readStatementList,
} from './credentials';
import { DatabaseConnection } from './DatabaseConnection';
import { databaseStateSchema } from './databaseState';
import type {
  ConnectionRecord,
  DatabaseState,
  RoleRecord,
} from './databaseState';
import { StaticRoles } from './StaticRoles';

/** A database account outlives its lease by so much, so that it never ends first. */
const EXPIRATION_MARGIN_SECONDS = 5;

const PLUGIN = 'postgresql-database-plugin';

/**
 * The database secrets engine: real accounts in a PostgreSQL server.
 *
 * @remarks
 * Follows OpenBao's `builtin/logical/database` with its PostgreSQL plugin.
 *
 * @internal
 */
export class DatabaseEngine implements VaultBackend {
  readonly #state: DatabaseState;
  readonly #changed: () => void;
  readonly #protectedUser: string | undefined;
  readonly #staticRoles: StaticRoles;
  readonly routes: readonly BackendRoute[];

  constructor(options: {
    readonly mount: { data?: unknown };
    changed(): void;
    /** An account of which the password must stay. */
    readonly protectedUser?: string;
    onProblem(message: string): void;
  }) {
    this.#state = databaseStateSchema.parse(options.mount.data ?? {});
    options.mount.data = this.#state;
    this.#changed = options.changed;
    this.#protectedUser = options.protectedUser;
    this.#staticRoles = new StaticRoles({
      state: this.#state,
      changed: options.changed,
      connect: name => this.#connect(name),
      findAllowed: (connection, role) => this.#findAllowed(connection, role),
      onProblem: options.onProblem,
    });
    this.routes = [
      {
        pattern: /^config\/?$/,
        operations: { list: () => answerKeys(sorted(this.#state.connections)) },
      },
      {
        pattern: /^config\/([\w.-]+)$/,
        exists: (_request, name) => name in this.#state.connections,
        operations: {
          read: (_request, name) => this.#readConnection(name),
          update: (request, name) => this.#writeConnection(request, name),
          delete: (_request, name) => this.#remove('connections', name),
        },
      },
      {
        pattern: /^reset\/([\w.-]+)$/,
        operations: { update: () => undefined },
      },
      {
        pattern: /^rotate-root\/([\w.-]+)$/,
        operations: { update: (_request, name) => this.#rotateRoot(name) },
      },
      {
        pattern: /^roles\/?$/,
        operations: { list: () => answerKeys(sorted(this.#state.roles)) },
      },
      {
        pattern: /^roles\/([\w.-]+)$/,
        exists: (_request, name) => name in this.#state.roles,
        operations: {
          read: (_request, name) => this.#readRole(name),
          update: (request, name) => this.#writeRole(request, name),
          delete: (_request, name) => this.#remove('roles', name),
        },
      },
      {
        pattern: /^creds\/([\w.-]+)$/,
        operations: { read: (request, name) => this.#create(request, name) },
      },
      ...this.#staticRoles.routes,
    ];
  }

  async renewLease(lease: LeaseRecord, increment: number): Promise<number> {
    const { role, username } = readInternal(lease);
    const record = this.#role(role);
    if (!record) {
      throw new VaultError(
        400,
        `failed to renew entry: error during renew: could not find role with name "${role}"`,
      );
    }
    const ttl = Math.min(
      Number.isFinite(increment) && increment > 0
        ? increment
        : record.defaultTtl || DEFAULT_TTL_SECONDS,
      Math.max(
        1,
        Math.floor(
          (lease.issuedAt - Date.now()) / 1000 +
            (record.maxTtl || DEFAULT_TTL_SECONDS),
        ),
      ),
    );
    const database = this.#connect(record.connection);
    if (record.renewal.length > 0) {
      await database.run(record.renewal, {
        name: username,
        username,
        expiration: expirationOf(ttl).toISOString(),
      });
    } else {
      await database.setExpiration(username, expirationOf(ttl));
    }
    return ttl;
  }

  async revokeLease(lease: LeaseRecord): Promise<void> {
    const { connection, revocation, role, username } = readInternal(lease);
    const record = this.#role(role);
    const database = this.#connect(record?.connection ?? connection);
    const statements = record?.revocation ?? revocation;
    if (statements.length > 0) {
      await database.run(statements, { name: username, username });
    } else {
      await database.dropRole(username);
    }
  }

  async close(): Promise<void> {
    this.#staticRoles.stop();
  }

  #role(name: string): RoleRecord | undefined {
    const { roles } = this.#state;
    return Object.hasOwn(roles, name) ? roles[name] : undefined;
  }

  #connection(name: string): ConnectionRecord | undefined {
    const { connections } = this.#state;
    return Object.hasOwn(connections, name) ? connections[name] : undefined;
  }

  #connect(name: string): DatabaseConnection {
    const connection = this.#connection(name);
    if (!connection) {
      throw new VaultError(
        500,
        `1 error occurred:\n\t* failed to find entry for connection with name: "${name}"\n\n`,
      );
    }
    return new DatabaseConnection(connection);
  }

  #findAllowed(connection: string, role: string): void {
    const allowed = this.#connection(connection)?.allowedRoles ?? [];
    if (
      !allowed.some(pattern =>
        pattern.endsWith('*')
          ? role.startsWith(pattern.slice(0, -1))
          : pattern === role,
      )
    ) {
      throw new VaultError(
        500,
        `1 error occurred:\n\t* "${role}" is not an allowed role\n\n`,
      );
    }
  }

  #readConnection(name: string): BackendAnswer | undefined {
    const connection = this.#connection(name);
    return (
      connection && {
        data: {
          allowed_roles: connection.allowedRoles,
          connection_details: {
            connection_url: connection.url,
            username: connection.username,
          },
          password_policy: '',
          plugin_name: PLUGIN,
          plugin_version: '',
          root_credentials_rotate_statements: connection.rotationStatements,
        },
      }
    );
  }

  async #writeConnection({ fields }: BackendRequest, name: string) {
    const old = this.#connection(name);
    const plugin = readText(fields, 'plugin_name') ?? (old && PLUGIN);
    if (!plugin) {
      throw invalidRequest('empty plugin name');
    }
    if (plugin !== PLUGIN) {
      throw invalidRequest(
        `error creating database object: the sandbox has no plugin named "${plugin}", only "${PLUGIN}"`,
      );
    }
    const url = readText(fields, 'connection_url') ?? old?.url;
    if (!url) {
      throw invalidRequest(
        'error creating database object: connection_url cannot be empty',
      );
    }
    const connection: ConnectionRecord = {
      url,
      username: readText(fields, 'username') ?? old?.username ?? '',
      password: readText(fields, 'password') ?? old?.password ?? '',
      allowedRoles:
        readList(fields, 'allowed_roles') ?? old?.allowedRoles ?? [],
      rotationStatements:
        readList(fields, 'root_rotation_statements') ??
        old?.rotationStatements ??
        [],
    };
    if (readBoolean(fields, 'verify_connection') !== false) {
      await new DatabaseConnection(connection).verify().catch(error => {
        throw invalidRequest(
          `error creating database object: error verifying connection: ${
            (error as Error).message
          }`,
        );
      });
    }
    this.#state.connections[name] = connection;
    this.#changed();
    return undefined;
  }

  async #rotateRoot(name: string) {
    const connection = this.#connection(name);
    if (!connection) {
      throw new VaultError(
        500,
        `1 error occurred:\n\t* failed to find entry for connection with name: "${name}"\n\n`,
      );
    }
    if (connection.username === this.#protectedUser) {
      throw invalidRequest(
        `the sandbox itself connects as "${connection.username}": its password is not rotated`,
      );
    }
    const password = createPassword();
    await new DatabaseConnection(connection).setPassword(
      connection.username,
      password,
    );
    connection.password = password;
    this.#changed();
    return undefined;
  }

  #readRole(name: string): BackendAnswer | undefined {
    const role = this.#role(name);
    return (
      role && {
        data: {
          credential_type: 'password',
          creation_statements: role.creation,
          db_name: role.connection,
          default_ttl: role.defaultTtl,
          max_ttl: role.maxTtl,
          renew_statements: role.renewal,
          revocation_statements: role.revocation,
          rollback_statements: role.rollback,
        },
      }
    );
  }

  #writeRole({ fields }: BackendRequest, name: string): undefined {
    const old = this.#role(name);
    const connection = readText(fields, 'db_name') ?? old?.connection;
    if (!connection) {
      throw invalidRequest('database name is required');
    }
    const readStatements = (field: string, before: string[] | undefined) =>
      readStatementList(fields[field]) ?? before ?? [];
    this.#state.roles[name] = {
      connection,
      creation: readStatements('creation_statements', old?.creation),
      revocation: readStatements('revocation_statements', old?.revocation),
      rollback: readStatements('rollback_statements', old?.rollback),
      renewal: readStatements('renew_statements', old?.renewal),
      defaultTtl: readSeconds(fields, 'default_ttl') ?? old?.defaultTtl ?? 0,
      maxTtl: readSeconds(fields, 'max_ttl') ?? old?.maxTtl ?? 0,
    };
    this.#changed();
  }

  #remove(kind: 'connections' | 'roles', name: string): undefined {
    delete this.#state[kind][name];
    this.#changed();
  }

  async #create(
    { token }: BackendRequest,
    name: string,
  ): Promise<BackendAnswer> {
    const role = this.#role(name);
    if (!role) {
      throw invalidRequest(`unknown role: ${name}`);
    }
    const database = this.#connect(role.connection);
    this.#findAllowed(role.connection, name);
    if (role.creation.length === 0) {
      throw new VaultError(
        500,
        '1 error occurred:\n\t* empty creation statements\n\n',
      );
    }
    const ttl = Math.min(
      role.defaultTtl || DEFAULT_TTL_SECONDS,
      role.maxTtl || DEFAULT_TTL_SECONDS,
    );
    const username = createUsername(token?.displayName ?? 'token', name);
    const password = createPassword();
    await database
      .run(role.creation, {
        name: username,
        username,
        password,
        expiration: expirationOf(ttl).toISOString(),
      })
      .catch(error => {
        throw new VaultError(
          500,
          `1 error occurred:\n\t* failed to execute query: ${
            (error as Error).message
          }\n\n`,
        );
      });
    return {
      data: { username, password },
      lease: {
        ttl,
        maxTtl: role.maxTtl,
        renewable: true,
        internal: {
          connection: role.connection,
          revocation: role.revocation,
          role: name,
          username,
        },
      },
    };
  }
}

function readInternal(lease: LeaseRecord) {
  const { connection, revocation, role, username } = lease.internal;
  return {
    connection: String(connection),
    revocation: Array.isArray(revocation) ? revocation.map(String) : [],
    role: String(role),
    username: String(username),
  };
}

function expirationOf(ttl: number): Date {
  return new Date(Date.now() + (ttl + EXPIRATION_MARGIN_SECONDS) * 1000);
}

function sorted(records: object): string[] {
  return Object.keys(records).sort();
}
