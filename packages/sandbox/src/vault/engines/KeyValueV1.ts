import { z } from 'zod';
import { answerKeys } from '../VaultBackend';
import type {
  BackendRequest,
  BackendRoute,
  VaultBackend,
} from '../VaultBackend';
import { invalidRequest } from '../VaultError';
import { DEFAULT_TTL_SECONDS } from '../VaultTokens';
import { listFolder } from './listFolder';

const dataSchema = z.record(z.string(), z.record(z.string(), z.unknown()));

/**
 * The key-value engine, version 1: secrets without versions.
 *
 * @internal
 */
export class KeyValueV1 implements VaultBackend {
  readonly routes: readonly BackendRoute[];

  constructor(mount: { data?: unknown }, changed: () => void) {
    const secrets = dataSchema.parse(mount.data ?? {});
    mount.data = secrets;
    this.routes = [
      {
        pattern: /^(.*)$/,
        exists: (_request, path) => Object.hasOwn(secrets, path),
        operations: {
          list: ({ fields }, path) =>
            answerKeys(listFolder(Object.keys(secrets), path, fields)),
          read: (_request, path) =>
            Object.hasOwn(secrets, path)
              ? {
                  data: secrets[path],
                  lease: {
                    ttl: DEFAULT_TTL_SECONDS,
                    maxTtl: DEFAULT_TTL_SECONDS,
                    renewable: false,
                    internal: {},
                  },
                }
              : undefined,
          update: ({ fields }: BackendRequest, path) => {
            if (Object.keys(fields).length === 0) {
              throw invalidRequest('missing data fields');
            }
            secrets[path] = structuredClone({ ...fields });
            changed();
            return undefined;
          },
          delete: (_request, path) => {
            delete secrets[path];
            changed();
            return undefined;
          },
        },
      },
    ];
  }
}
