import type { Upstream } from '../core/UpstreamRegistry';
import type {
  DatabaseCredentials,
  Lease,
  LeaseDetails,
  Secret,
  SecretKeys,
  SecretMetadata,
  SecretRef,
  SecretsEngine,
  SecretVersion,
  StaticDatabaseCredentials,
  UnwrappedAnswer,
  VaultHealth,
  VaultIdentity,
  WrappedAnswer,
} from './types';

/** Of every call. @public */
export interface VaultCallOptions {
  readonly signal?: AbortSignal;
}

/**
 * One Vault or OpenBao, in one of its namespaces.
 *
 * @remarks
 * Secrets are those of the KV engine, version 2. What comes back with values in it goes nowhere but to whom it is for:
 * never to a log, an error, a span or a cache. For display there is {@link VaultClient.findSecretKeys}.
 *
 * All methods throw {@link UpstreamError}; `vaultFailureOf` tells what Vault said. Methods called `find…` return
 * undefined where there is nothing.
 *
 * @public
 */
export interface VaultClient {
  /** The name in the configuration. */
  readonly instance: string;
  /** Empty for the root namespace. */
  readonly namespace: string;
  readonly upstream: Upstream;

  /** The same Vault with the same token, in a namespace below this one. */
  inNamespace(namespace: string): VaultClient;
  /** Needs no token. A sealed Vault is a result, not an error. */
  health(options?: VaultCallOptions): Promise<VaultHealth>;
  /** Who the portal is to Vault. */
  identity(options?: VaultCallOptions): Promise<VaultIdentity>;
  /** What the portal may do with paths such as `secret/data/orders`, by path. */
  capabilities(
    paths: readonly string[],
    options?: VaultCallOptions,
  ): Promise<Readonly<Record<string, readonly string[]>>>;
  /** The secrets engine that a path is in, if the portal may know. */
  findEngine(
    path: string,
    options?: VaultCallOptions,
  ): Promise<SecretsEngine | undefined>;

  /** @param options.version - the current one unless given */
  findSecret(
    ref: SecretRef,
    options?: VaultCallOptions & { readonly version?: number },
  ): Promise<Secret | undefined>;
  /** The names in a secret without the values. */
  findSecretKeys(
    ref: SecretRef,
    options?: VaultCallOptions & {
      readonly version?: number;
      /** How deep; 0 for all. */
      readonly depth?: number;
    },
  ): Promise<SecretKeys | undefined>;
  findSecretMetadata(
    ref: SecretRef,
    options?: VaultCallOptions,
  ): Promise<SecretMetadata | undefined>;
  /** The names directly below a folder; those of folders end in a slash. Empty if there is no such folder. */
  listSecrets(
    ref: SecretRef,
    options?: VaultCallOptions,
  ): Promise<readonly string[]>;
  /**
   * Writes a new version.
   *
   * @param options.expectedVersion - fails with `version-changed` unless it is the current one; 0: there is none yet
   */
  writeSecret(
    ref: SecretRef,
    data: Readonly<Record<string, unknown>>,
    options?: VaultCallOptions & { readonly expectedVersion?: number },
  ): Promise<SecretVersion>;
  /** Writes a new version in which only some values differ; null removes one. */
  patchSecret(
    ref: SecretRef,
    data: Readonly<Record<string, unknown>>,
    options?: VaultCallOptions & { readonly expectedVersion?: number },
  ): Promise<SecretVersion>;
  /** What is left out stays. */
  writeSecretMetadata(
    ref: SecretRef,
    metadata: {
      readonly customMetadata?: Readonly<Record<string, string>>;
      readonly maxVersions?: number;
      readonly casRequired?: boolean;
      /** Such as `720h`; `0s` for never. */
      readonly deleteVersionAfter?: string;
    },
    options?: VaultCallOptions,
  ): Promise<void>;
  /** Deletes versions in a way that can be taken back; the current one unless some are named. */
  deleteSecret(
    ref: SecretRef,
    options?: VaultCallOptions & { readonly versions?: readonly number[] },
  ): Promise<void>;
  undeleteSecret(
    ref: SecretRef,
    versions: readonly number[],
    options?: VaultCallOptions,
  ): Promise<void>;
  /** Removes the values of versions for good. */
  destroySecretVersions(
    ref: SecretRef,
    versions: readonly number[],
    options?: VaultCallOptions,
  ): Promise<void>;
  /** Removes a secret with all versions and metadata for good. */
  removeSecret(ref: SecretRef, options?: VaultCallOptions): Promise<void>;
  /** Puts a secret's answer aside for whoever gets the token, which is good once. */
  wrapSecret(
    ref: SecretRef,
    options: VaultCallOptions & { readonly ttlSeconds: number },
  ): Promise<WrappedAnswer>;

  /** Makes a database account. Every call makes another one, so it is never repeated by itself. */
  createDatabaseCredentials(
    role: { readonly mount: string; readonly role: string },
    options?: VaultCallOptions,
  ): Promise<DatabaseCredentials>;
  /** Makes a database account and puts it aside for whoever gets the token, which is good once. */
  wrapDatabaseCredentials(
    role: { readonly mount: string; readonly role: string },
    options: VaultCallOptions & { readonly ttlSeconds: number },
  ): Promise<WrappedAnswer>;
  readStaticDatabaseCredentials(
    role: { readonly mount: string; readonly role: string },
    options?: VaultCallOptions,
  ): Promise<StaticDatabaseCredentials>;

  /** Undefined if it has ended. */
  findLease(
    id: string,
    options?: VaultCallOptions,
  ): Promise<LeaseDetails | undefined>;
  /** @param options.incrementSeconds - from now; Vault may grant less */
  renewLease(
    id: string,
    options?: VaultCallOptions & { readonly incrementSeconds?: number },
  ): Promise<Lease>;
  /** Takes back what the lease granted. */
  revokeLease(id: string, options?: VaultCallOptions): Promise<void>;

  /** Puts data aside for whoever gets the token, which is good once. */
  wrap(
    data: Readonly<Record<string, unknown>>,
    options: VaultCallOptions & { readonly ttlSeconds: number },
  ): Promise<WrappedAnswer>;
  /** Takes what was put aside. A token that is not good any more may mean that somebody else has it. */
  unwrap(token: string, options?: VaultCallOptions): Promise<UnwrappedAnswer>;
  /** What a wrapping token holds, without taking it; undefined if it is not good any more. */
  findWrapping(
    token: string,
    options?: VaultCallOptions,
  ): Promise<Omit<WrappedAnswer, 'token' | 'accessor'> | undefined>;

  /** Closes the connections and ends the renewal of the token. */
  close(): Promise<void>;
}
