import { readObject, readSeconds, readText, readTextMap } from '../fields';
import type {
  BackendAnswer,
  BackendRequest,
  BackendRoute,
} from '../VaultBackend';
import { invalidRequest, VaultError } from '../VaultError';
import type { MountKind } from '../createVaultData';
import type { VaultCore } from '../VaultCore';
import type { MountRecord } from '../VaultState';
import { DEFAULT_TTL_SECONDS } from '../VaultTokens';

/** Secrets engines and auth methods: list, enable, tune, disable. */
export function createMountRoutes(
  core: VaultCore,
  namespace: string,
): BackendRoute[] {
  return [
    ...createRoutes(
      core,
      namespace,
      'mounts',
      'mounts',
      'No secret engine mount at',
    ),
    ...createRoutes(core, namespace, 'auths', 'auth', 'No auth engine at'),
    {
      pattern: /^internal\/ui\/mounts$/,
      unauthenticated: true,
      operations: {
        read: ({ token }) => {
          const access = token && core.accessOf(token);
          const visible = (kind: MountKind, prefix: string) =>
            Object.fromEntries(
              Object.entries(core.namespace(namespace)![kind])
                .filter(([path]) =>
                  access?.reaches(`${namespace}${prefix}${path}`),
                )
                .map(([path, mount]) => [path, describe(kind, mount)]),
            );
          return {
            data: {
              auth: visible('auths', 'auth/'),
              secret: visible('mounts', ''),
            },
          };
        },
      },
    },
    {
      pattern: /^internal\/ui\/mounts\/(.+)$/,
      unauthenticated: true,
      operations: {
        read: ({ token }, path) => {
          const found = core.resolve(namespace, path);
          if (
            !token ||
            !found ||
            !core.accessOf(token).reaches(`${namespace}${found.mountPath}`)
          ) {
            throw token
              ? new VaultError(
                  403,
                  `preflight capability check returned 403, please ensure client's policies grant access to path "${path}/"`,
                )
              : new VaultError(403, 'permission denied');
          }
          const kind = path.startsWith('auth/') ? 'auths' : 'mounts';
          return {
            data: { ...describe(kind, found.record), path: found.mountPath },
          };
        },
      },
    },
  ];
}

function createRoutes(
  core: VaultCore,
  namespace: string,
  kind: MountKind,
  name: string,
  missing: string,
): BackendRoute[] {
  const find = (path: string): MountRecord => {
    const mounts = core.namespace(namespace)![kind];
    const key = `${path.replace(/\/+$/, '')}/`;
    if (!Object.hasOwn(mounts, key)) {
      throw invalidRequest(`${missing} ${key}`);
    }
    return mounts[key];
  };
  const sudo = kind === 'auths';
  return [
    {
      pattern: new RegExp(`^${name}$`),
      operations: {
        read: () => ({
          data: Object.fromEntries(
            Object.entries(core.namespace(namespace)![kind]).map(
              ([path, mount]) => [path, describe(kind, mount)],
            ),
          ),
        }),
      },
    },
    {
      pattern: new RegExp(`^${name}/(.+)/tune$`),
      sudo,
      operations: {
        read: (_request, path) => ({ data: describeTuning(kind, find(path)) }),
        update: ({ fields }, path) => {
          const mount = find(path);
          mount.description =
            readText(fields, 'description') ?? mount.description;
          mount.defaultLeaseTtl =
            readSeconds(fields, 'default_lease_ttl') ?? mount.defaultLeaseTtl;
          mount.maxLeaseTtl =
            readSeconds(fields, 'max_lease_ttl') ?? mount.maxLeaseTtl;
          const options = readTextMap(fields, 'options');
          if (options?.version && options.version !== mount.options?.version) {
            throw invalidRequest(
              'the sandbox does not change the version of a secrets engine',
            );
          }
          core.state.changed();
          return undefined;
        },
      },
    },
    {
      pattern: new RegExp(`^${name}/(.+)$`),
      sudo,
      operations: {
        read: (_request, path) => ({ data: describe(kind, find(path)) }),
        update: (request, path) => enable(core, namespace, kind, request, path),
        delete: async (_request, path) => {
          await core.unmount(kind, namespace, `${path.replace(/\/+$/, '')}/`);
          return undefined;
        },
      },
    },
  ];
}

function enable(
  core: VaultCore,
  namespace: string,
  kind: MountKind,
  { fields }: BackendRequest,
  path: string,
): BackendAnswer | undefined {
  const given = readText(fields, 'type');
  if (!given) {
    throw invalidRequest('backend type must be specified as a string');
  }
  const config = readObject(fields, 'config') ?? {};
  const options = {
    ...readTextMap(fields, 'options'),
    ...(given === 'kv-v2' && { version: '2' }),
  };
  core.mount(kind, namespace, `${path.replace(/\/+$/, '')}/`, {
    type: given === 'kv-v2' ? 'kv' : given,
    description: readText(fields, 'description'),
    options: Object.keys(options).length > 0 ? options : undefined,
    defaultLeaseTtl: readSeconds(config, 'default_lease_ttl'),
    maxLeaseTtl: readSeconds(config, 'max_lease_ttl'),
  });
  return undefined;
}

function describe(kind: MountKind, mount: MountRecord) {
  return {
    accessor: mount.accessor,
    config: {
      default_lease_ttl: mount.defaultLeaseTtl,
      force_no_cache: false,
      max_lease_ttl: mount.maxLeaseTtl,
      ...(kind === 'auths' && { token_type: 'default-service' }),
    },
    deprecation_status: 'supported',
    description: mount.description,
    external_entropy_access: false,
    local: mount.type === 'cubbyhole',
    options: mount.options,
    plugin_version: '',
    running_plugin_version: 'v2.6.2+builtin.bao',
    running_sha256: '',
    seal_wrap: mount.type === 'system',
    type: mount.type,
    uuid: mount.uuid,
  };
}

function describeTuning(kind: MountKind, mount: MountRecord) {
  return {
    default_lease_ttl: mount.defaultLeaseTtl || DEFAULT_TTL_SECONDS,
    description: mount.description,
    force_no_cache: false,
    max_lease_ttl: mount.maxLeaseTtl || DEFAULT_TTL_SECONDS,
    ...(mount.options && { options: mount.options }),
    ...(kind === 'auths' && { token_type: 'default-service' }),
  };
}

/** What a path gets below which nothing is mounted. */
export function noHandler(path: string): VaultError {
  return new VaultError(
    404,
    `no handler for route "${path}". route entry not found.`,
  );
}
