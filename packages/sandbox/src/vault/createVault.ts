import type { SandboxContext } from '../core/SandboxContext';
import type { SandboxPart } from '../SandboxPart';
import type { ReviewToken } from './auth/KubernetesAuth';
import { connectDatabase } from './connectDatabase';
import { createVaultHandler } from './createVaultHandler';
import { KeyValueV2 } from './engines/KeyValueV2';
import { VaultCore } from './VaultCore';

/**
 * What {@link createVault} is told.
 *
 * @public
 */
export interface VaultOptions {
  /** Whose service account token it is. Without it nobody logs in with one. */
  readonly reviewToken?: ReviewToken;
}

/**
 * Vault, with what stories and seeds do to it.
 *
 * @public
 */
export interface Vault extends SandboxPart {
  /** With which a sealed Vault is opened over HTTP. */
  readonly unsealKey: string;
  /** The values of a secret's current version; undefined if there is none. */
  readSecret(path: string): Readonly<Record<string, unknown>> | undefined;
  /**
   * Writes a new version of a secret.
   *
   * @param path - The engine and the path, such as `secret/orders/stripe`.
   * @param metadata - What is noted about it: `owner`, `expires`.
   */
  writeSecret(
    path: string,
    data: Readonly<Record<string, unknown>>,
    metadata?: Readonly<Record<string, string>>,
  ): void;
  /** Ends a secret's current version, as when its time is over. False if there is none. */
  expireSecret(path: string): boolean;
  /** Takes back {@link Vault.expireSecret}. */
  restoreSecret(path: string): boolean;
  /** Ends the leases below a prefix, such as `database/creds/`; returns how many. */
  expireLeases(prefix: string): Promise<number>;
  /** Ends the tokens that came from below a path, such as `auth/kubernetes/`; returns how many. */
  expireTokens(pathPrefix: string): number;
  /** Ends every token but root's and takes back whatever was granted. */
  revokeAll(): Promise<void>;
  /** Closes Vault: everything is answered with 503 until it is opened. */
  seal(): void;
  unseal(): void;
  /** Makes it say that another node is the active one. */
  setStandby(standby: boolean): void;
}

/**
 * Creates the sandbox's Vault, which also is its OpenBao: both speak the same protocol.
 *
 * @remarks
 * Enabled from the start: `secret/` (KV version 2), `database/` over the embedded PostgreSQL, and the auth methods
 * `token/`, `approle/`, `kubernetes/` and `jwt/`. `context.token` is the root token.
 *
 * @public
 */
export function createVault(
  context: SandboxContext,
  options: VaultOptions = {},
): Vault {
  const core = new VaultCore(context, options.reviewToken);
  if (core.state.isNew) {
    core.mount('mounts', '', 'secret/', {
      type: 'kv',
      description: 'key/value secret storage',
      options: { version: '2' },
    });
    for (const type of ['approle', 'jwt', 'kubernetes']) {
      core.mount('auths', '', `${type}/`, { type });
    }
    core.mount('mounts', '', 'database/', {
      type: 'database',
      description: 'accounts in the sandbox’s PostgreSQL',
    });
    core.state.save();
  }

  const stopped = new AbortController();
  const locate = (path: string) => {
    const found = core.resolve('', path);
    if (!found || !(found.backend instanceof KeyValueV2)) {
      throw new TypeError(
        `Cannot find a secret at '${path}': no KV engine of version 2 is mounted there`,
      );
    }
    return { engine: found.backend, path: found.path };
  };
  const setDeleted = (path: string, deleted: boolean) => {
    const { engine, path: rest } = locate(path);
    const changed = engine.setDeleted(rest, deleted);
    core.state.save();
    return changed;
  };

  return {
    name: 'vault',
    path: '/vault',
    title: 'Secrets',
    summary:
      'Keeps secrets and makes database accounts, in place of HashiCorp Vault and OpenBao.',
    handler: createVaultHandler(core),
    renderError: (_status, message) => ({
      contentType: 'application/json',
      body: JSON.stringify({ errors: [message] }),
    }),
    start: async () => {
      core.start();
      await connectDatabase(context, core, stopped.signal);
    },
    stop: () => {
      stopped.abort();
      return core.close();
    },
    unsealKey: core.unsealKey,
    readSecret: path => {
      const { engine, path: rest } = locate(path);
      return engine.peek(rest);
    },
    writeSecret: (path, data, metadata) => {
      const { engine, path: rest } = locate(path);
      engine.write(rest, data, metadata);
      core.state.save();
    },
    expireSecret: path => setDeleted(path, true),
    restoreSecret: path => setDeleted(path, false),
    expireLeases: async prefix => {
      const leases = core.leases
        .all()
        .filter(lease => lease.id.startsWith(prefix));
      for (const lease of leases) {
        await core.leases.revoke(lease);
      }
      core.state.save();
      return leases.length;
    },
    expireTokens: pathPrefix => {
      const tokens = core.tokens
        .all()
        .filter(
          token =>
            token.path.startsWith(pathPrefix) &&
            token.path !== 'auth/token/root',
        );
      tokens.forEach(token => core.tokens.revoke(token.accessor));
      core.state.save();
      return tokens.length;
    },
    revokeAll: () => core.revokeAll(),
    seal: () => core.setSealed(true),
    unseal: () => core.setSealed(false),
    setStandby: standby => {
      core.standby = standby;
    },
  };
}
