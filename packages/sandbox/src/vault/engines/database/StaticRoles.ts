import { readSeconds, readText } from '../../fields';
import { answerKeys } from '../../VaultBackend';
import type {
  BackendAnswer,
  BackendRequest,
  BackendRoute,
} from '../../VaultBackend';
import { invalidRequest } from '../../VaultError';
import { createPassword, readStatementList } from './credentials';
import type { DatabaseConnection } from './DatabaseConnection';
import type { DatabaseState, StaticRoleRecord } from './databaseState';

const MIN_PERIOD_SECONDS = 5;
const RETRY_MILLISECONDS = 10_000;
/** Node's timers overflow above 2^31 - 1 ms. */
const MAX_TIMER = 2 ** 31 - 1;

/**
 * Accounts that are there already, of which the password changes from time to time.
 *
 * @internal
 */
export class StaticRoles {
  readonly #state: DatabaseState;
  readonly #changed: () => void;
  readonly #connect: (name: string) => DatabaseConnection;
  readonly #findAllowed: (connection: string, role: string) => void;
  readonly #onProblem: (message: string) => void;
  #timer: NodeJS.Timeout | undefined;
  readonly routes: readonly BackendRoute[];

  constructor(options: {
    readonly state: DatabaseState;
    changed(): void;
    connect(name: string): DatabaseConnection;
    /** Throws if the connection is not for the role. */
    findAllowed(connection: string, role: string): void;
    onProblem(message: string): void;
  }) {
    this.#state = options.state;
    this.#changed = options.changed;
    this.#connect = options.connect;
    this.#findAllowed = options.findAllowed;
    this.#onProblem = options.onProblem;
    this.routes = [
      {
        pattern: /^static-roles\/?$/,
        operations: {
          list: () => answerKeys(Object.keys(this.#state.staticRoles).sort()),
        },
      },
      {
        pattern: /^static-roles\/([\w.-]+)$/,
        exists: (_request, name) => name in this.#state.staticRoles,
        operations: {
          read: (_request, name) => this.#read(name),
          update: (request, name) => this.#write(request, name),
          delete: (_request, name) => {
            delete this.#state.staticRoles[name];
            this.#changed();
            return undefined;
          },
        },
      },
      {
        pattern: /^static-creds\/([\w.-]+)$/,
        operations: { read: (_request, name) => this.#readCredentials(name) },
      },
      {
        pattern: /^rotate-role\/([\w.-]+)$/,
        operations: {
          update: async (_request, name) => {
            await this.#rotate(name, this.#require(name));
            return undefined;
          },
        },
      },
    ];
    this.#schedule();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #find(name: string): StaticRoleRecord | undefined {
    const { staticRoles } = this.#state;
    return Object.hasOwn(staticRoles, name) ? staticRoles[name] : undefined;
  }

  #require(name: string): StaticRoleRecord {
    const role = this.#find(name);
    if (!role) {
      throw invalidRequest(`no static role found for role name`);
    }
    return role;
  }

  #read(name: string): BackendAnswer | undefined {
    const role = this.#find(name);
    return (
      role && {
        data: {
          credential_type: 'password',
          db_name: role.connection,
          last_vault_rotation: new Date(role.rotatedAt).toISOString(),
          rotation_period: role.rotationPeriod,
          rotation_statements: role.rotationStatements,
          username: role.username,
        },
      }
    );
  }

  async #write({ fields }: BackendRequest, name: string) {
    const old = this.#find(name);
    const connection = readText(fields, 'db_name') ?? old?.connection;
    const username = readText(fields, 'username') ?? old?.username;
    const period =
      readSeconds(fields, 'rotation_period') ?? old?.rotationPeriod;
    if (!connection) {
      throw invalidRequest('database name is a required field');
    }
    if (!username) {
      throw invalidRequest(
        'username is a required field to create a static account',
      );
    }
    if (old && old.username !== username) {
      throw invalidRequest('cannot update static account username');
    }
    if (!period) {
      throw invalidRequest(
        'rotation_period is required to create static accounts',
      );
    }
    if (period < MIN_PERIOD_SECONDS) {
      throw invalidRequest(
        `rotation_period must be ${MIN_PERIOD_SECONDS} seconds or more`,
      );
    }
    const role: StaticRoleRecord = {
      connection,
      username,
      password: old?.password ?? '',
      rotationStatements:
        readStatementList(fields.rotation_statements) ??
        old?.rotationStatements ??
        [],
      rotationPeriod: period,
      rotatedAt: old?.rotatedAt ?? 0,
    };
    if (!old) {
      await this.#rotate(name, role);
    }
    this.#state.staticRoles[name] = role;
    this.#changed();
    this.#schedule();
    return undefined;
  }

  #readCredentials(name: string): BackendAnswer {
    const role = this.#find(name);
    if (!role) {
      throw invalidRequest(`unknown role: ${name}`);
    }
    this.#findAllowed(role.connection, name);
    return {
      data: {
        last_vault_rotation: new Date(role.rotatedAt).toISOString(),
        password: role.password,
        rotation_period: role.rotationPeriod,
        ttl: Math.max(0, Math.round((dueAt(role) - Date.now()) / 1000)),
        username: role.username,
      },
    };
  }

  async #rotate(name: string, role: StaticRoleRecord): Promise<void> {
    this.#findAllowed(role.connection, name);
    const password = createPassword();
    const database = this.#connect(role.connection);
    if (role.rotationStatements.length > 0) {
      await database.run(role.rotationStatements, {
        name: role.username,
        username: role.username,
        password,
      });
    } else {
      await database.setPassword(role.username, password);
    }
    role.password = password;
    role.rotatedAt = Date.now();
    this.#changed();
    this.#schedule();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const next = Math.min(...Object.values(this.#state.staticRoles).map(dueAt));
    if (next !== Infinity) {
      this.#timer = setTimeout(
        () => this.#rotateDue(),
        Math.min(MAX_TIMER, Math.max(0, next - Date.now())),
      ).unref();
    }
  }

  async #rotateDue(): Promise<void> {
    for (const [name, role] of Object.entries(this.#state.staticRoles)) {
      if (dueAt(role) <= Date.now()) {
        try {
          await this.#rotate(name, role);
        } catch (error) {
          this.#onProblem(
            `The password of the static role '${name}' could not be rotated: ${
              (error as Error).message
            }`,
          );
          role.rotatedAt =
            Date.now() - role.rotationPeriod * 1000 + RETRY_MILLISECONDS;
        }
      }
    }
    this.#schedule();
  }
}

function dueAt(role: StaticRoleRecord): number {
  return role.rotatedAt + role.rotationPeriod * 1000;
}
