import { z } from 'zod';
import { readBoolean, readList, readText } from '../fields';
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

/**
 * Asks a cluster of the sandbox whose service account token it is.
 *
 * @param cluster - The last part of the `kubernetes_host` that the method is set to, such as `nonprod`.
 *
 * @public
 */
export type ReviewToken = (
  cluster: string,
  jwt: string,
) =>
  | { readonly namespace: string; readonly serviceAccount: string }
  | undefined;

const roleSchema = z.object({
  names: z.array(z.string()),
  namespaces: z.array(z.string()),
  audience: z.string(),
  token: tokenSettingsSchema,
});

const dataSchema = z.object({
  config: z
    .object({
      host: z.string(),
      caCertificate: z.string(),
      disableLocalCaJwt: z.boolean(),
    })
    .optional(),
  roles: z.record(z.string(), roleSchema).default({}),
});

type Role = z.infer<typeof roleSchema>;

/**
 * The Kubernetes auth method: pods log in with the token of their service account.
 *
 * @internal
 */
export class KubernetesAuth implements VaultBackend {
  readonly #data: z.infer<typeof dataSchema>;
  readonly #changed: () => void;
  readonly #tokens: VaultTokens;
  readonly #reviewToken: ReviewToken | undefined;
  readonly routes: readonly BackendRoute[];

  constructor(options: {
    readonly mount: { data?: unknown };
    changed(): void;
    readonly tokens: VaultTokens;
    readonly reviewToken?: ReviewToken;
  }) {
    this.#data = dataSchema.parse(options.mount.data ?? {});
    options.mount.data = this.#data;
    this.#changed = options.changed;
    this.#tokens = options.tokens;
    this.#reviewToken = options.reviewToken;
    const { roles } = this.#data;
    this.routes = [
      {
        pattern: /^config$/,
        operations: {
          read: () => this.#readConfig(),
          update: request => this.#writeConfig(request),
        },
      },
      {
        pattern: /^login$/,
        unauthenticated: true,
        operations: { update: request => this.#login(request) },
      },
      {
        pattern: /^role\/?$/,
        operations: { list: () => answerKeys(Object.keys(roles).sort()) },
      },
      {
        pattern: /^role\/([\w.-]+)$/,
        exists: (_request, name) => this.#find(name) !== undefined,
        operations: {
          read: (_request, name) => this.#read(name),
          update: (request, name) => this.#write(request, name),
          delete: (_request, name) => {
            delete roles[name];
            this.#changed();
            return undefined;
          },
        },
      },
    ];
  }

  #find(name: string): Role | undefined {
    const { roles } = this.#data;
    return Object.hasOwn(roles, name) ? roles[name] : undefined;
  }

  #readConfig(): BackendAnswer | undefined {
    const { config } = this.#data;
    return (
      config && {
        data: {
          disable_local_ca_jwt: config.disableLocalCaJwt,
          issuer: '',
          kubernetes_ca_cert: config.caCertificate,
          kubernetes_host: config.host,
          pem_keys: [],
          token_reviewer_jwt_set: false,
        },
      }
    );
  }

  #writeConfig({ fields }: BackendRequest): undefined {
    const host = readText(fields, 'kubernetes_host');
    if (!host) {
      throw invalidRequest('no host provided');
    }
    this.#data.config = {
      host,
      caCertificate: readText(fields, 'kubernetes_ca_cert') ?? '',
      disableLocalCaJwt: readBoolean(fields, 'disable_local_ca_jwt') ?? false,
    };
    this.#changed();
  }

  #read(name: string): BackendAnswer | undefined {
    const role = this.#find(name);
    return (
      role && {
        data: {
          alias_name_source: 'serviceaccount_uid',
          ...(role.audience && { audience: role.audience }),
          bound_service_account_names: role.names,
          bound_service_account_namespace_selector: '',
          bound_service_account_namespaces: role.namespaces,
          ...describeTokenSettings(role.token),
        },
      }
    );
  }

  #write({ fields }: BackendRequest, name: string): undefined {
    const old = this.#find(name);
    const names =
      readList(fields, 'bound_service_account_names') ?? old?.names ?? [];
    const namespaces =
      readList(fields, 'bound_service_account_namespaces') ??
      old?.namespaces ??
      [];
    if (names.length === 0) {
      throw invalidRequest('"bound_service_account_names" can not be empty');
    }
    if (namespaces.length === 0) {
      throw invalidRequest(
        '"bound_service_account_namespaces" can not be empty if "bound_service_account_namespace_selector" is not set',
      );
    }
    this.#data.roles[name] = {
      names,
      namespaces,
      audience: readText(fields, 'audience') ?? old?.audience ?? '',
      token: readTokenSettings(fields, old?.token),
    };
    this.#changed();
  }

  #login({ fields, namespace, mountPath }: BackendRequest): BackendAnswer {
    const jwt = readText(fields, 'jwt');
    const name = readText(fields, 'role');
    if (!name) {
      throw invalidRequest('missing role');
    }
    if (!jwt) {
      throw invalidRequest('missing jwt');
    }
    const role = this.#find(name);
    if (!role) {
      throw invalidRequest(`invalid role name "${name}"`);
    }
    const { config } = this.#data;
    if (!config) {
      throw new VaultError(500, 'could not load backend configuration');
    }
    const account = this.#reviewToken?.(clusterOf(config.host), jwt);
    if (!account) {
      throw new VaultError(403, 'permission denied');
    }
    if (!includes(role.namespaces, account.namespace)) {
      throw new VaultError(403, 'namespace not authorized');
    }
    if (!includes(role.names, account.serviceAccount)) {
      throw new VaultError(403, 'service account name not authorized');
    }
    return grantToken(this.#tokens, role.token, {
      namespace,
      path: `${mountPath}login`,
      displayName: `${mountPath.replace(/^auth\//, '').replace(/\/$/, '')}-${
        account.namespace
      }-${account.serviceAccount}`,
      metadata: {
        role: name,
        service_account_name: account.serviceAccount,
        service_account_namespace: account.namespace,
        service_account_secret_name: '',
      },
    });
  }
}

/** Such as `nonprod` of `https://localhost:7008/kubernetes/nonprod`. */
function clusterOf(host: string): string {
  return (
    host
      .replace(/^https?:\/\//, '')
      .replace(/\/+$/, '')
      .split('/')
      .at(-1) ?? ''
  );
}

function includes(patterns: readonly string[], value: string): boolean {
  return patterns.some(
    pattern =>
      pattern === value ||
      (pattern.endsWith('*') && value.startsWith(pattern.slice(0, -1))),
  );
}
