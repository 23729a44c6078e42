import { DEFAULT_POLICY } from './policy/defaultPolicy';
import { randomId, randomText } from './randomId';
import type { MountRecord, NamespaceRecord, VaultData } from './VaultState';

/** Where mounts are of which kind: secrets engines, or auth methods below `auth/`. */
export type MountKind = 'mounts' | 'auths';

/** What Vault knows when it is new. */
export function createVaultData(): VaultData {
  return {
    clusterId: randomId(),
    sealed: false,
    namespaces: { '': createNamespace('root') },
    tokens: {},
    leases: {},
  };
}

/** An empty namespace. */
export function createNamespace(id: string): NamespaceRecord {
  return {
    id,
    uuid: randomId(),
    customMetadata: {},
    mounts: {
      'cubbyhole/': createMount(
        'cubbyhole',
        'mounts',
        'per-token private secret storage',
      ),
      'identity/': createMount('identity', 'mounts', 'identity store'),
      'sys/': createMount(
        'system',
        'mounts',
        'system endpoints used for control, policy and debugging',
      ),
    },
    auths: {
      'token/': createMount('token', 'auths', 'token based credentials'),
    },
    policies: { default: DEFAULT_POLICY },
  };
}

/** An empty mount. */
export function createMount(
  type: string,
  kind: MountKind,
  description: string,
): MountRecord {
  const prefix = kind === 'auths' ? 'auth_' : '';
  return {
    type,
    description,
    options: null,
    accessor: `${prefix}${type}_${randomText(8).toLowerCase()}`,
    uuid: randomId(),
    defaultLeaseTtl: 0,
    maxLeaseTtl: 0,
    data: undefined,
  };
}
