import { UpstreamError } from '../core/UpstreamError';
import type { VaultCallOptions, VaultClient } from './Client';
import { vaultFailureOf } from './errors';
import { describeVersion, toMetadata, toVersion } from './toSecret';
import * as schemas from './types';
import type {
  Secret,
  SecretKeys,
  SecretMetadata,
  SecretRef,
  SecretVersion,
} from './types';
import { VaultRequests } from './VaultRequests';

const MERGE_PATCH = 'application/merge-patch+json';

/**
 * The secrets of KV engines, version 2.
 *
 * @internal
 */
export abstract class VaultSecrets extends VaultRequests {
  async findSecret(
    { mount, path }: SecretRef,
    { version, signal }: VaultCallOptions & { version?: number } = {},
  ): Promise<Secret | undefined> {
    return this.#findVersion(async () => {
      const { data } = await this.http.json(
        this.request({
          operation: 'read-secret',
          parts: [mount, 'data', path],
          query: { version },
          signal,
        }),
        schemas.secretSchema,
      );
      return {
        data: data.data ?? undefined,
        ...describeVersion(data.metadata),
      };
    });
  }

  async findSecretKeys(
    { mount, path }: SecretRef,
    options: VaultCallOptions & { version?: number; depth?: number } = {},
  ): Promise<SecretKeys | undefined> {
    const { version, depth, signal } = options;
    return this.#findVersion(async () => {
      const { data } = await this.http.json(
        this.request({
          operation: 'read-secret-keys',
          parts: [mount, 'subkeys', path],
          query: { version, depth },
          signal,
        }),
        schemas.subkeysSchema,
      );
      return {
        keys: data.subkeys ?? undefined,
        ...describeVersion(data.metadata),
      };
    });
  }

  async findSecretMetadata(
    { mount, path }: SecretRef,
    { signal }: VaultCallOptions = {},
  ): Promise<SecretMetadata | undefined> {
    const answer = await this.http.findJson(
      this.request({
        operation: 'read-secret-metadata',
        parts: [mount, 'metadata', path],
        signal,
      }),
      schemas.metadataSchema,
    );
    return answer && toMetadata(answer.data);
  }

  async listSecrets(
    { mount, path }: SecretRef,
    { signal }: VaultCallOptions = {},
  ): Promise<readonly string[]> {
    const answer = await this.http.findJson(
      this.request({
        operation: 'list-secrets',
        // As good as the method LIST, and known to every proxy.
        parts: [mount, 'metadata', path.replace(/\/$/, '')].filter(Boolean),
        query: { list: true },
        signal,
      }),
      schemas.keysSchema,
    );
    return answer?.data.keys ?? [];
  }

  async writeSecret(
    { mount, path }: SecretRef,
    data: Readonly<Record<string, unknown>>,
    options: VaultCallOptions & { expectedVersion?: number } = {},
  ): Promise<SecretVersion> {
    const { expectedVersion: cas, signal } = options;
    const answer = await this.http.json(
      this.request({
        operation: 'write-secret',
        method: 'POST',
        parts: [mount, 'data', path],
        body: { data, ...(cas !== undefined && { options: { cas } }) },
        signal,
      }),
      schemas.writtenSchema,
    );
    return toVersion(answer.data);
  }

  async patchSecret(
    { mount, path }: SecretRef,
    data: Readonly<Record<string, unknown>>,
    options: VaultCallOptions & { expectedVersion?: number } = {},
  ): Promise<SecretVersion> {
    const { expectedVersion: cas, signal } = options;
    const answer = await this.http.json(
      this.request({
        operation: 'patch-secret',
        method: 'PATCH',
        parts: [mount, 'data', path],
        headers: { 'Content-Type': MERGE_PATCH },
        body: { data, ...(cas !== undefined && { options: { cas } }) },
        signal,
      }),
      schemas.writtenSchema,
    );
    return toVersion(answer.data);
  }

  async writeSecretMetadata(
    { mount, path }: SecretRef,
    metadata: Parameters<VaultClient['writeSecretMetadata']>[1],
    { signal }: VaultCallOptions = {},
  ): Promise<void> {
    await this.http.send(
      this.request({
        operation: 'write-secret-metadata',
        method: 'POST',
        parts: [mount, 'metadata', path],
        body: {
          custom_metadata: metadata.customMetadata,
          max_versions: metadata.maxVersions,
          cas_required: metadata.casRequired,
          delete_version_after: metadata.deleteVersionAfter,
        },
        signal,
      }),
    );
  }

  async deleteSecret(
    { mount, path }: SecretRef,
    options: VaultCallOptions & { versions?: readonly number[] } = {},
  ): Promise<void> {
    const { versions, signal } = options;
    await this.http.send(
      this.request(
        versions
          ? {
              operation: 'delete-secret',
              method: 'POST',
              parts: [mount, 'delete', path],
              body: { versions },
              signal,
            }
          : {
              operation: 'delete-secret',
              method: 'DELETE',
              parts: [mount, 'data', path],
              signal,
            },
      ),
    );
  }

  async undeleteSecret(
    { mount, path }: SecretRef,
    versions: readonly number[],
    { signal }: VaultCallOptions = {},
  ): Promise<void> {
    await this.http.send(
      this.request({
        operation: 'undelete-secret',
        method: 'POST',
        parts: [mount, 'undelete', path],
        body: { versions },
        signal,
      }),
    );
  }

  async destroySecretVersions(
    { mount, path }: SecretRef,
    versions: readonly number[],
    { signal }: VaultCallOptions = {},
  ): Promise<void> {
    await this.http.send(
      this.request({
        operation: 'destroy-secret',
        method: 'PUT',
        parts: [mount, 'destroy', path],
        body: { versions },
        signal,
      }),
    );
  }

  async removeSecret(
    { mount, path }: SecretRef,
    { signal }: VaultCallOptions = {},
  ): Promise<void> {
    await this.http.send(
      this.request({
        operation: 'remove-secret',
        method: 'DELETE',
        parts: [mount, 'metadata', path],
        signal,
      }),
    );
  }

  /** A deleted version is an error to HTTP and a fact to us. */
  async #findVersion<T extends object>(
    read: () => Promise<T>,
  ): Promise<T | Omit<SecretKeys, 'keys'> | undefined> {
    try {
      return await read();
    } catch (error) {
      const failure = vaultFailureOf(error);
      if (failure?.type === 'deleted') {
        return describeVersion(failure.metadata);
      }
      if (failure?.type === undefined && isNotFound(error)) {
        return undefined;
      }
      throw error;
    }
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof UpstreamError && error.code === 'not-found';
}
