import { z } from 'zod';

/** An answer of any endpoint, as far as every endpoint has it. @internal */
const envelope = {
  lease_id: z.string().optional(),
  lease_duration: z.number().optional(),
  renewable: z.boolean().optional(),
  warnings: z.array(z.string()).nullish(),
};

/** @internal */
export const healthSchema = z.object({
  initialized: z.boolean(),
  sealed: z.boolean(),
  standby: z.boolean(),
  version: z.string().optional(),
  cluster_name: z.string().optional(),
});

/** @internal */
export const authSchema = z.object({
  auth: z.object({
    client_token: z.string(),
    policies: z.array(z.string()).nullish(),
    lease_duration: z.number(),
    renewable: z.boolean(),
  }),
});

/** @internal */
export const selfSchema = z.object({
  data: z.object({
    display_name: z.string(),
    policies: z.array(z.string()).nullish(),
    ttl: z.number(),
    renewable: z.boolean().optional(),
    expire_time: z.string().nullish(),
    period: z.number().optional(),
  }),
});

const versionSchema = z.object({
  version: z.number(),
  created_time: z.string(),
  deletion_time: z.string(),
  destroyed: z.boolean(),
  custom_metadata: z.record(z.string(), z.string()).nullish(),
});

/** @internal */
export const secretSchema = z.object({
  data: z.object({
    data: z.record(z.string(), z.unknown()).nullable(),
    metadata: versionSchema,
  }),
});

/** @internal */
export const subkeysSchema = z.object({
  data: z.object({
    subkeys: z.record(z.string(), z.unknown()).nullable(),
    metadata: versionSchema,
  }),
});

/** The body that a deleted version is answered with, next to 404. @internal */
export const deletedSchema = z.object({
  data: z.object({ metadata: versionSchema }),
});

/** @internal */
export const writtenSchema = z.object({ data: versionSchema });

/** @internal */
export const metadataSchema = z.object({
  data: z.object({
    current_version: z.number(),
    oldest_version: z.number(),
    max_versions: z.number(),
    cas_required: z.boolean(),
    delete_version_after: z.string(),
    created_time: z.string(),
    updated_time: z.string(),
    custom_metadata: z.record(z.string(), z.string()).nullish(),
    versions: z.record(
      z.string(),
      z.object({
        created_time: z.string(),
        deletion_time: z.string(),
        destroyed: z.boolean(),
      }),
    ),
  }),
});

/** @internal */
export const keysSchema = z.object({
  data: z.object({ keys: z.array(z.string()) }),
});

/** @internal */
export const credentialsSchema = z.object({
  ...envelope,
  lease_id: z.string(),
  lease_duration: z.number(),
  renewable: z.boolean(),
  data: z.object({ username: z.string(), password: z.string() }),
});

/** @internal */
export const staticCredentialsSchema = z.object({
  data: z.object({
    username: z.string(),
    password: z.string(),
    last_vault_rotation: z.string().optional(),
    rotation_period: z.number().optional(),
    ttl: z.number(),
  }),
});

/** @internal */
export const leaseSchema = z.object({
  data: z.object({
    id: z.string(),
    issue_time: z.string(),
    expire_time: z.string().nullable(),
    last_renewal: z.string().nullish(),
    renewable: z.boolean(),
    ttl: z.number(),
  }),
});

/** @internal */
export const renewedSchema = z.object({
  lease_id: z.string(),
  lease_duration: z.number(),
  renewable: z.boolean(),
});

/** @internal */
export const wrappedSchema = z.object({
  wrap_info: z.object({
    token: z.string(),
    accessor: z.string(),
    ttl: z.number(),
    creation_time: z.string(),
    creation_path: z.string(),
  }),
});

/** @internal */
export const wrappingSchema = z.object({
  data: z.object({
    creation_path: z.string(),
    creation_time: z.string(),
    creation_ttl: z.number(),
  }),
});

/** @internal */
export const unwrappedSchema = z.object({
  ...envelope,
  data: z.record(z.string(), z.unknown()).nullable(),
});

/** @internal */
export const capabilitiesSchema = z.object({
  data: z.record(z.string(), z.array(z.string())),
});

/** @internal */
export const mountSchema = z.object({
  data: z.object({
    path: z.string(),
    type: z.string(),
    options: z.record(z.string(), z.string()).nullish(),
  }),
});

/** Where a secret is. @public */
export interface SecretRef {
  /** The path of the secrets engine, such as `secret`. */
  readonly mount: string;
  /** Below the engine, such as `orders/stripe`. */
  readonly path: string;
}

/** One version of a secret, without its values. @public */
export interface SecretVersion {
  readonly version: number;
  /** ISO 8601, as the other times. */
  readonly createdAt: string;
  /** Since when it is deleted, or when it will be. */
  readonly deletedAt?: string;
  /** Whether its values are gone for good. */
  readonly destroyed: boolean;
}

/** A secret with the values of one version. @public */
export interface Secret {
  /** Undefined if the version is deleted or destroyed. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly version: SecretVersion;
  /** What is noted about the secret, whatever the version. */
  readonly customMetadata: Readonly<Record<string, string>>;
}

/** The names in a secret, in the shape of the secret, without a value. @public */
export interface SecretKeys {
  /** With null, or an object of the same kind, for each name. Undefined if the version is deleted. */
  readonly keys?: Readonly<Record<string, unknown>>;
  readonly version: SecretVersion;
  readonly customMetadata: Readonly<Record<string, string>>;
}

/** What is known about a secret beside its values. @public */
export interface SecretMetadata {
  readonly currentVersion: number;
  readonly oldestVersion: number;
  /** 0: as the engine says. */
  readonly maxVersions: number;
  readonly casRequired: boolean;
  /** In Go's notation, such as `0s` or `3h0m0s`. */
  readonly deleteVersionAfter: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly customMetadata: Readonly<Record<string, string>>;
  /** The newest first. */
  readonly versions: readonly SecretVersion[];
}

/** Something handed out that ends. @public */
export interface Lease {
  readonly id: string;
  readonly durationSeconds: number;
  readonly renewable: boolean;
}

/** A lease as it is looked up. @public */
export interface LeaseDetails {
  readonly id: string;
  readonly issuedAt: string;
  readonly expiresAt?: string;
  readonly renewedAt?: string;
  readonly ttlSeconds: number;
  readonly renewable: boolean;
}

/** A database account. @public */
export interface DatabaseCredentials {
  readonly username: string;
  readonly password: string;
  readonly lease: Lease;
}

/** A database account that stays, of which the password changes. @public */
export interface StaticDatabaseCredentials {
  readonly username: string;
  readonly password: string;
  readonly rotatedAt?: string;
  /** Until the password changes. */
  readonly ttlSeconds: number;
}

/** An answer that was put aside, to be taken once by whoever has the token. @public */
export interface WrappedAnswer {
  readonly token: string;
  readonly accessor: string;
  readonly ttlSeconds: number;
  readonly createdAt: string;
  /** The path that was asked. */
  readonly path: string;
}

/** @public */
export interface UnwrappedAnswer {
  readonly data: Readonly<Record<string, unknown>>;
  /** If what was wrapped has one. */
  readonly lease?: Lease;
}

/** @public */
export interface VaultHealth {
  /** `active` takes requests; `standby` hands them on; `sealed` takes none until somebody opens it. */
  readonly state: 'active' | 'standby' | 'sealed' | 'uninitialized';
  readonly version?: string;
  readonly clusterName?: string;
}

/** The token that the client has. @public */
export interface VaultIdentity {
  readonly displayName: string;
  readonly policies: readonly string[];
  /** 0 for one without an end. */
  readonly ttlSeconds: number;
  readonly renewable: boolean;
}

/** A secrets engine. @public */
export interface SecretsEngine {
  /** Without a slash at the end. */
  readonly mount: string;
  /** Such as `kv`. */
  readonly type: string;
  /** Of the KV engine. */
  readonly version?: 1 | 2;
}
