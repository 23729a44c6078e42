import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readStateFile, writeStateFile } from '../core/stateFiles';

const mountSchema = z.object({
  type: z.string(),
  description: z.string(),
  options: z.record(z.string(), z.string()).nullable(),
  accessor: z.string(),
  uuid: z.string(),
  /** Seconds; 0 for the server's own. */
  defaultLeaseTtl: z.number(),
  maxLeaseTtl: z.number(),
  /** What the backend keeps; the backend knows its shape. */
  data: z.unknown().optional(),
});

const namespaceSchema = z.object({
  id: z.string(),
  uuid: z.string(),
  customMetadata: z.record(z.string(), z.string()),
  /** Secrets engines by path, with a slash at the end. */
  mounts: z.record(z.string(), mountSchema),
  /** Auth methods by path below `auth/`, with a slash at the end. */
  auths: z.record(z.string(), mountSchema),
  policies: z.record(z.string(), z.string()),
});

const tokenSchema = z.object({
  id: z.string(),
  accessor: z.string(),
  namespace: z.string(),
  policies: z.array(z.string()),
  path: z.string(),
  displayName: z.string(),
  metadata: z.record(z.string(), z.string()).nullable(),
  /** The accessor of the token that made it; none for orphans. */
  parent: z.string().optional(),
  /** Milliseconds since 1970. */
  createdAt: z.number(),
  renewedAt: z.number().optional(),
  /** Undefined: never ends. */
  expiresAt: z.number().optional(),
  /** Seconds, as at creation. */
  ttl: z.number(),
  /** Seconds, as asked for at the last renewal. */
  renewTtl: z.number().optional(),
  explicitMaxTtl: z.number(),
  /** By the role of the login; 0 for the default. */
  maxTtl: z.number(),
  period: z.number(),
  /** Uses left; 0 for any number. */
  usesLeft: z.number(),
  renewable: z.boolean(),
  /** Whether the token only unwraps an answer. */
  wrapping: z
    .object({ answer: z.string(), path: z.string(), ttl: z.number() })
    .optional(),
  /** The token's own cubbyhole. */
  cubbyhole: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});

const leaseSchema = z.object({
  id: z.string(),
  namespace: z.string(),
  mount: z.string(),
  /** The accessor of the token that asked: the lease ends with it. */
  token: z.string().optional(),
  issuedAt: z.number(),
  renewedAt: z.number().optional(),
  expiresAt: z.number(),
  maxTtl: z.number(),
  renewable: z.boolean(),
  internal: z.record(z.string(), z.unknown()),
});

const stateSchema = z.object({
  clusterId: z.string(),
  sealed: z.boolean(),
  namespaces: z.record(z.string(), namespaceSchema),
  tokens: z.record(z.string(), tokenSchema),
  leases: z.record(z.string(), leaseSchema),
});

/** A secrets engine or an auth method, mounted. */
export type MountRecord = z.infer<typeof mountSchema>;
/** What is apart from the other namespaces. */
export type NamespaceRecord = z.infer<typeof namespaceSchema>;
/** A token, by its accessor. */
export type TokenRecord = z.infer<typeof tokenSchema>;
/** Something that was handed out and ends. */
export type LeaseRecord = z.infer<typeof leaseSchema>;
/** All that Vault knows. */
export type VaultData = z.infer<typeof stateSchema>;

/**
 * What Vault knows, in memory and in one file that only its owner can read.
 *
 * @remarks
 * The file is rewritten whole, before a change is answered. That suits the secrets of one example organisation.
 *
 * @internal
 */
export class VaultState {
  readonly data: VaultData;
  /** Whether this start found nothing from an earlier one. */
  readonly isNew: boolean;
  readonly #file: string;
  #changed: boolean;

  static open(folder: string, createData: () => VaultData): VaultState {
    if (!existsSync(folder)) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    }
    const file = join(folder, 'vault.json');
    const stored = readStateFile(file, stateSchema);
    return new VaultState(file, stored ?? createData(), !stored);
  }

  private constructor(file: string, data: VaultData, isNew: boolean) {
    this.#file = file;
    this.data = data;
    this.isNew = isNew;
    this.#changed = isNew;
  }

  /** Says that something changed; {@link VaultState.save} then writes it. */
  changed(): void {
    this.#changed = true;
  }

  /** Writes what changed since the last time. */
  save(): void {
    if (this.#changed) {
      writeStateFile(this.#file, this.data);
      this.#changed = false;
    }
  }
}
