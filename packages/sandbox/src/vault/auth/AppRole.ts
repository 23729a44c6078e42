import { z } from 'zod';
import {
  readBoolean,
  readNumber,
  readSeconds,
  readText,
  readTextMap,
} from '../fields';
import { randomId } from '../randomId';
import { answerKeys } from '../VaultBackend';
import type {
  BackendAnswer,
  BackendRequest,
  BackendRoute,
  VaultBackend,
} from '../VaultBackend';
import { invalidRequest, VaultError } from '../VaultError';
import type { VaultTokens } from '../VaultTokens';
import {
  describeTokenSettings,
  grantToken,
  readTokenSettings,
  tokenSettingsSchema,
} from './tokenSettings';

const secretIdSchema = z.object({
  id: z.string(),
  createdAt: z.number(),
  expiresAt: z.number().optional(),
  /** Seconds. */
  ttl: z.number(),
  usesLeft: z.number(),
  metadata: z.record(z.string(), z.string()),
});

const roleSchema = z.object({
  roleId: z.string(),
  bindSecretId: z.boolean(),
  secretIdUses: z.number(),
  secretIdTtl: z.number(),
  token: tokenSettingsSchema,
  /** By their accessors. */
  secretIds: z.record(z.string(), secretIdSchema),
});

const dataSchema = z.record(z.string(), roleSchema);

type Role = z.infer<typeof roleSchema>;

/**
 * The AppRole auth method: machines log in with a role id and a secret id.
 *
 * @internal
 */
export class AppRole implements VaultBackend {
  readonly #roles: Record<string, Role>;
  readonly #changed: () => void;
  readonly #tokens: VaultTokens;
  readonly routes: readonly BackendRoute[];

  constructor(options: {
    readonly mount: { data?: unknown };
    changed(): void;
    readonly tokens: VaultTokens;
  }) {
    this.#roles = dataSchema.parse(options.mount.data ?? {});
    options.mount.data = this.#roles;
    this.#changed = options.changed;
    this.#tokens = options.tokens;
    this.routes = [
      {
        pattern: /^login$/,
        unauthenticated: true,
        operations: { update: request => this.#login(request) },
      },
      {
        pattern: /^role\/?$/,
        operations: { list: () => answerKeys(Object.keys(this.#roles).sort()) },
      },
      {
        pattern: /^role\/([\w.-]+)$/,
        exists: (_request, name) => this.#find(name) !== undefined,
        operations: {
          read: (_request, name) => this.#read(name),
          update: (request, name) => this.#write(request, name),
          delete: (_request, name) => {
            delete this.#roles[name];
            this.#changed();
            return undefined;
          },
        },
      },
      {
        pattern: /^role\/([\w.-]+)\/role-id$/,
        operations: {
          read: (_request, name) => {
            const role = this.#find(name);
            return role && { data: { role_id: role.roleId } };
          },
          update: ({ fields }, name) => {
            this.#require(name).roleId =
              readText(fields, 'role_id') || refuse('missing role_id');
            this.#changed();
            return undefined;
          },
        },
      },
      {
        pattern: /^role\/([\w.-]+)\/secret-id\/?$/,
        operations: {
          list: (_request, name) =>
            answerKeys(Object.keys(this.#require(name).secretIds)),
          update: (request, name) => this.#createSecretId(request, name),
        },
      },
      ...(['lookup', 'destroy'] as const).flatMap(action =>
        ['secret-id', 'secret-id-accessor'].map(by => ({
          pattern: new RegExp(`^role/([\\w.-]+)/${by}/${action}$`),
          operations: {
            update: (request: BackendRequest, name: string) =>
              this.#useSecretId(action, request, name),
          },
        })),
      ),
    ];
  }

  #find(name: string): Role | undefined {
    return Object.hasOwn(this.#roles, name) ? this.#roles[name] : undefined;
  }

  #require(name: string): Role {
    const role = this.#find(name);
    if (!role) {
      throw new VaultError(404, `role "${name}" does not exist`);
    }
    return role;
  }

  #read(name: string): BackendAnswer | undefined {
    const role = this.#find(name);
    return (
      role && {
        data: {
          bind_secret_id: role.bindSecretId,
          local_secret_ids: false,
          secret_id_bound_cidrs: null,
          secret_id_num_uses: role.secretIdUses,
          secret_id_ttl: role.secretIdTtl,
          ...describeTokenSettings(role.token),
        },
      }
    );
  }

  #write({ fields }: BackendRequest, name: string): undefined {
    const old = this.#find(name);
    this.#roles[name] = {
      roleId: readText(fields, 'role_id') ?? old?.roleId ?? randomId(),
      bindSecretId:
        readBoolean(fields, 'bind_secret_id') ?? old?.bindSecretId ?? true,
      secretIdUses:
        readNumber(fields, 'secret_id_num_uses') ?? old?.secretIdUses ?? 0,
      secretIdTtl:
        readSeconds(fields, 'secret_id_ttl') ?? old?.secretIdTtl ?? 0,
      token: readTokenSettings(fields, old?.token),
      secretIds: old?.secretIds ?? {},
    };
    this.#changed();
  }

  #createSecretId({ fields }: BackendRequest, name: string): BackendAnswer {
    const role = this.#require(name);
    let metadata: Record<string, string> = {};
    if (typeof fields.metadata === 'string') {
      try {
        metadata = z
          .record(z.string(), z.string())
          .parse(JSON.parse(fields.metadata));
      } catch {
        throw invalidRequest('failed to parse metadata');
      }
    } else {
      metadata = readTextMap(fields, 'metadata') ?? {};
    }
    const accessor = randomId();
    const id = randomId();
    const ttl = readSeconds(fields, 'ttl') ?? role.secretIdTtl;
    const uses = readNumber(fields, 'num_uses') ?? role.secretIdUses;
    role.secretIds[accessor] = {
      id,
      createdAt: Date.now(),
      expiresAt: ttl > 0 ? Date.now() + ttl * 1000 : undefined,
      ttl,
      usesLeft: uses,
      metadata,
    };
    this.#changed();
    return {
      data: {
        secret_id: id,
        secret_id_accessor: accessor,
        secret_id_num_uses: uses,
        secret_id_ttl: ttl,
      },
    };
  }

  #useSecretId(
    action: 'lookup' | 'destroy',
    { fields }: BackendRequest,
    name: string,
  ): BackendAnswer | undefined {
    const role = this.#require(name);
    const id = readText(fields, 'secret_id');
    const accessor =
      readText(fields, 'secret_id_accessor') ??
      Object.keys(role.secretIds).find(key => role.secretIds[key].id === id);
    const found = accessor ? role.secretIds[accessor] : undefined;
    if (!accessor || !found) {
      if (id === undefined && action === 'lookup') {
        throw new VaultError(
          404,
          'failed to find accessor entry for secret_id_accessor',
        );
      }
      return undefined;
    }
    if (action === 'destroy') {
      delete role.secretIds[accessor];
      this.#changed();
      return undefined;
    }
    return {
      data: {
        cidr_list: [],
        creation_time: new Date(found.createdAt).toISOString(),
        expiration_time: found.expiresAt
          ? new Date(found.expiresAt).toISOString()
          : '0001-01-01T00:00:00Z',
        last_updated_time: new Date(found.createdAt).toISOString(),
        metadata: found.metadata,
        secret_id_accessor: accessor,
        secret_id_num_uses: found.usesLeft,
        secret_id_ttl: found.ttl,
        token_bound_cidrs: [],
      },
    };
  }

  #login({ fields, namespace, mountPath }: BackendRequest): BackendAnswer {
    const roleId = readText(fields, 'role_id');
    if (!roleId) {
      // Not the caller's fault in the eyes of the real server.
      throw new VaultError(500, 'missing role_id');
    }
    const [name, role] =
      Object.entries(this.#roles).find(
        ([, { roleId: known }]) => known === roleId,
      ) ?? [];
    if (!name || !role) {
      throw invalidRequest('invalid role or secret ID');
    }
    const metadata: Record<string, string> = { role_name: name };
    if (role.bindSecretId) {
      const id = readText(fields, 'secret_id');
      if (!id) {
        throw invalidRequest('missing secret_id');
      }
      const [accessor, secretId] =
        Object.entries(role.secretIds).find(
          ([, { id: known, expiresAt }]) =>
            known === id && (expiresAt ?? Infinity) > Date.now(),
        ) ?? [];
      if (!accessor || !secretId) {
        throw invalidRequest('invalid role or secret ID');
      }
      Object.assign(metadata, secretId.metadata);
      if (secretId.usesLeft === 1) {
        delete role.secretIds[accessor];
      } else if (secretId.usesLeft > 1) {
        secretId.usesLeft -= 1;
      }
      this.#changed();
    }
    return grantToken(this.#tokens, role.token, {
      namespace,
      path: `${mountPath}login`,
      displayName: mountPath.replace(/^auth\//, '').replace(/\/$/, ''),
      metadata,
    });
  }
}

function refuse(message: string): never {
  throw invalidRequest(message);
}
