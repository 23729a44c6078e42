import type { z } from 'zod';
import type {
  metadataSchema,
  secretSchema,
  wrappedSchema,
  writtenSchema,
} from './types';
import type { SecretMetadata, SecretVersion, WrappedAnswer } from './types';

type VersionAnswer = z.output<typeof writtenSchema>['data'];

/** @internal */
export function toVersion(answer: VersionAnswer): SecretVersion {
  return {
    version: answer.version,
    createdAt: answer.created_time,
    // Empty for a version that is there and stays.
    deletedAt: answer.deletion_time || undefined,
    destroyed: answer.destroyed,
  };
}

/** The parts that a secret and its names have in common. @internal */
export function describeVersion(
  answer: z.output<typeof secretSchema>['data']['metadata'],
) {
  return {
    version: toVersion(answer),
    customMetadata: answer.custom_metadata ?? {},
  };
}

/** @internal */
export function toMetadata(
  answer: z.output<typeof metadataSchema>['data'],
): SecretMetadata {
  return {
    currentVersion: answer.current_version,
    oldestVersion: answer.oldest_version,
    maxVersions: answer.max_versions,
    casRequired: answer.cas_required,
    deleteVersionAfter: answer.delete_version_after,
    createdAt: answer.created_time,
    updatedAt: answer.updated_time,
    customMetadata: answer.custom_metadata ?? {},
    versions: Object.entries(answer.versions)
      .map(([version, rest]) =>
        toVersion({ ...rest, version: Number(version) }),
      )
      .sort((left, right) => right.version - left.version),
  };
}

/** @internal */
export function toWrapped(
  answer: z.output<typeof wrappedSchema>['wrap_info'],
): WrappedAnswer {
  return {
    token: answer.token,
    accessor: answer.accessor,
    ttlSeconds: answer.ttl,
    createdAt: answer.creation_time,
    path: answer.creation_path,
  };
}
