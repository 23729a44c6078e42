import { z } from 'zod';

const versionSchema = z.object({
  createdTime: z.string(),
  /** May lie ahead. */
  deletionTime: z.string(),
  destroyed: z.boolean(),
  data: z.record(z.string(), z.unknown()).optional(),
});

const secretSchema = z.object({
  createdTime: z.string(),
  updatedTime: z.string(),
  currentVersion: z.number(),
  metadataVersion: z.number(),
  oldestVersion: z.number(),
  maxVersions: z.number(),
  casRequired: z.boolean(),
  /** Seconds. */
  deleteVersionAfter: z.number(),
  customMetadata: z.record(z.string(), z.string()).nullable(),
  versions: z.record(z.string(), versionSchema),
});

/** What the engine keeps. */
export const keyValueSchema = z.object({
  maxVersions: z.number().default(0),
  casRequired: z.boolean().default(false),
  deleteVersionAfter: z.number().default(0),
  secrets: z.record(z.string(), secretSchema).default({}),
});

export type KeyValueData = z.infer<typeof keyValueSchema>;
export type Secret = z.infer<typeof secretSchema>;
export type Version = z.infer<typeof versionSchema>;

/** A version with its secret. */
export interface FoundVersion {
  readonly secret: Secret;
  readonly number: number;
  readonly version: Version;
}

/** The current version of a secret that has one. */
export function current(secret: Secret): FoundVersion {
  const number = secret.currentVersion;
  return { secret, number, version: secret.versions[number] };
}

/** A version as it is answered. */
export function describe({ secret, number, version }: FoundVersion) {
  return {
    created_time: version.createdTime,
    custom_metadata: secret.customMetadata,
    deletion_time: version.deletionTime,
    destroyed: version.destroyed,
    version: number,
  };
}

/** A secret without a version. */
export function createSecret(time: string, metadataVersion: number): Secret {
  return {
    createdTime: time,
    updatedTime: time,
    currentVersion: 0,
    metadataVersion,
    oldestVersion: 0,
    maxVersions: 0,
    casRequired: false,
    deleteVersionAfter: 0,
    customMetadata: null,
    versions: {},
  };
}

/** Whether a version has no values any more, for good or for now. */
export function isGone(version: Version): boolean {
  return (
    version.destroyed ||
    (version.deletionTime !== '' &&
      Date.parse(version.deletionTime) <= Date.now())
  );
}

/** The names in a secret, with null for each value. */
export function withoutValues(
  data: Readonly<Record<string, unknown>>,
  maxDepth: number,
  depth = 1,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => {
      const isFolder =
        typeof value === 'object' &&
        value !== null &&
        !Array.isArray(value) &&
        Object.keys(value).length > 0;
      return [
        key,
        isFolder && (maxDepth === 0 || depth < maxDepth)
          ? withoutValues(value as Record<string, unknown>, maxDepth, depth + 1)
          : null,
      ];
    }),
  );
}

/** The time as it is answered. */
export function now(): string {
  return new Date().toISOString();
}
