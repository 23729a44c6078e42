import { formatDuration } from '../duration';
import { readBoolean, readNumber, readObject, readSeconds } from '../fields';
import { answerKeys } from '../VaultBackend';
import type {
  BackendAnswer,
  BackendRequest,
  BackendRoute,
  VaultBackend,
} from '../VaultBackend';
import { invalidRequest } from '../VaultError';
import { readCustomMetadata } from './customMetadata';
import {
  createSecret,
  current,
  describe,
  isGone,
  keyValueSchema,
  now,
  withoutValues,
} from './keyValueSecrets';
import type { FoundVersion, KeyValueData, Secret } from './keyValueSecrets';
import { listFolder } from './listFolder';
import { mergePatch } from './mergePatch';

const DEFAULT_MAX_VERSIONS = 10;

/**
 * The key-value engine, version 2: secrets with versions.
 *
 * @remarks
 * Follows OpenBao's `builtin/logical/kv`.
 *
 * @internal
 */
export class KeyValueV2 implements VaultBackend {
  readonly #data: KeyValueData;
  readonly #changed: () => void;
  readonly routes: readonly BackendRoute[];

  /** @param mount - Where the secrets are kept. */
  constructor(mount: { data?: unknown }, changed: () => void) {
    this.#data = keyValueSchema.parse(mount.data ?? {});
    mount.data = this.#data;
    this.#changed = changed;
    const exists = (_request: BackendRequest, path: string) =>
      this.#find(path) !== undefined;
    this.routes = [
      {
        pattern: /^config$/,
        operations: {
          read: () => this.#readConfig(),
          update: request => this.#writeConfig(request),
        },
      },
      {
        pattern: /^data\/(.*)$/,
        exists,
        operations: {
          read: (request, path) => this.#readData(request, path),
          update: (request, path) => this.#writeData(request, path),
          patch: (request, path) => this.#patchData(request, path),
          delete: (_request, path) => this.#deleteLatest(path),
        },
      },
      {
        pattern: /^metadata(?:\/(.*))?$/,
        exists,
        operations: {
          list: (request, path) => this.#list(request, path),
          read: (_request, path) => this.#readMetadata(path),
          update: (request, path) => this.#writeMetadata(request, path),
          patch: (request, path) => this.#patchMetadata(request, path),
          delete: (_request, path) => this.#deleteAll(path),
        },
      },
      {
        pattern: /^subkeys\/(.*)$/,
        operations: {
          read: (request, path) => this.#readSubkeys(request, path),
        },
      },
      ...(['delete', 'undelete', 'destroy'] as const).map(action => ({
        pattern: new RegExp(`^${action}/(.*)$`),
        operations: {
          update: (request: BackendRequest, path: string) =>
            this.#changeVersions(action, request, path),
        },
      })),
      {
        pattern: /^.*$/,
        operations: {
          read: refuseOldPath,
          update: refuseOldPath,
          list: refuseOldPath,
          delete: refuseOldPath,
        },
      },
    ];
  }

  /** The values of the current version, for the sandbox itself. */
  peek(path: string): Readonly<Record<string, unknown>> | undefined {
    const secret = this.#find(path);
    const version = secret?.versions[secret.currentVersion];
    return version && !isGone(version) ? version.data : undefined;
  }

  /** Writes a new version, for the sandbox itself. */
  write(
    path: string,
    data: Readonly<Record<string, unknown>>,
    customMetadata?: Readonly<Record<string, string>>,
  ): void {
    const secret = this.#addVersion(path, { ...data });
    if (customMetadata) {
      secret.customMetadata = { ...customMetadata };
    }
  }

  /** Ends the current version now, or takes that back; whether there is one. */
  setDeleted(path: string, deleted: boolean): boolean {
    const secret = this.#find(path);
    const version = secret?.versions[secret.currentVersion];
    if (!version) {
      return false;
    }
    version.deletionTime = deleted ? now() : '';
    this.#changed();
    return true;
  }

  #find(path: string): Secret | undefined {
    const { secrets } = this.#data;
    return Object.hasOwn(secrets, path) ? secrets[path] : undefined;
  }

  #readConfig(): BackendAnswer {
    return {
      data: {
        cas_required: this.#data.casRequired,
        delete_version_after: formatDuration(this.#data.deleteVersionAfter),
        max_versions: this.#data.maxVersions,
        metadata_cas_required: false,
      },
    };
  }

  #writeConfig({ fields }: BackendRequest): undefined {
    const data = this.#data;
    data.maxVersions = readNumber(fields, 'max_versions') ?? data.maxVersions;
    data.casRequired = readBoolean(fields, 'cas_required') ?? data.casRequired;
    data.deleteVersionAfter =
      readSeconds(fields, 'delete_version_after') ?? data.deleteVersionAfter;
    this.#changed();
  }

  #readData({ fields }: BackendRequest, path: string) {
    const found = this.#findVersion(path, readNumber(fields, 'version'));
    return (
      found && {
        status: isGone(found.version) ? 404 : 200,
        data: {
          data: isGone(found.version) ? null : found.version.data,
          metadata: describe(found),
        },
      }
    );
  }

  #readSubkeys({ fields }: BackendRequest, path: string) {
    const found = this.#findVersion(path, readNumber(fields, 'version'));
    const depth = readNumber(fields, 'depth') ?? 0;
    return (
      found && {
        status: isGone(found.version) ? 404 : 200,
        data: {
          metadata: describe(found),
          subkeys: isGone(found.version)
            ? null
            : withoutValues(found.version.data!, depth),
        },
      }
    );
  }

  #findVersion(path: string, wanted = 0): FoundVersion | undefined {
    const secret = this.#find(path);
    const number = wanted > 0 ? wanted : secret?.currentVersion ?? 0;
    const version = secret?.versions[number];
    return secret && version && { secret, number, version };
  }

  #writeData({ fields }: BackendRequest, path: string): BackendAnswer {
    if (!path) {
      throw invalidRequest('missing path');
    }
    const data = readObject(fields, 'data');
    if (!data) {
      throw invalidRequest('no data provided');
    }
    this.#checkCas(fields, this.#find(path));
    const secret = this.#addVersion(path, data);
    return { data: describe(current(secret)) };
  }

  #patchData({ fields }: BackendRequest, path: string) {
    const data = readObject(fields, 'data');
    if (!data) {
      throw invalidRequest('no data provided');
    }
    const secret = this.#find(path);
    if (!secret || !secret.versions[secret.currentVersion]) {
      return { status: 404, empty: true };
    }
    this.#checkCas(fields, secret);
    const found = current(secret);
    if (isGone(found.version)) {
      return { status: 404, data: describe(found) };
    }
    this.#addVersion(path, mergePatch(found.version.data!, data));
    return { data: describe(current(secret)) };
  }

  #checkCas(fields: BackendRequest['fields'], secret: Secret | undefined) {
    const options = readObject(fields, 'options');
    if (options && options.cas !== undefined && options.cas !== null) {
      const cas = Number(options.cas);
      if (!Number.isInteger(cas)) {
        throw invalidRequest('error parsing check-and-set parameter');
      }
      if (cas !== (secret?.currentVersion ?? 0)) {
        throw invalidRequest(
          'check-and-set parameter did not match the current version',
        );
      }
    } else if (this.#data.casRequired || secret?.casRequired) {
      throw invalidRequest('check-and-set parameter required for this call');
    }
  }

  #addVersion(path: string, data: Record<string, unknown>): Secret {
    const time = now();
    const secret = this.#find(path) ?? createSecret(time, 0);
    this.#data.secrets[path] = secret;
    secret.currentVersion += 1;
    secret.updatedTime = time;
    secret.versions[secret.currentVersion] = {
      createdTime: time,
      deletionTime: this.#deletionTime(secret),
      destroyed: false,
      data: structuredClone(data),
    };
    const limit =
      Math.max(secret.maxVersions, this.#data.maxVersions) ||
      DEFAULT_MAX_VERSIONS;
    if (secret.currentVersion - secret.oldestVersion >= limit) {
      secret.oldestVersion = secret.currentVersion - limit + 1;
      for (const number of Object.keys(secret.versions)) {
        if (Number(number) < secret.oldestVersion) {
          delete secret.versions[number];
        }
      }
    }
    this.#changed();
    return secret;
  }

  /** When a version that is made now ends; empty for never. */
  #deletionTime(secret: Secret): string {
    const limits = [
      this.#data.deleteVersionAfter,
      secret.deleteVersionAfter,
    ].filter(seconds => seconds > 0);
    return this.#data.deleteVersionAfter < 0 || limits.length === 0
      ? ''
      : new Date(Date.now() + Math.min(...limits) * 1000).toISOString();
  }

  #deleteLatest(path: string): undefined {
    const secret = this.#find(path);
    const version = secret?.versions[secret.currentVersion];
    if (version && !isGone(version)) {
      version.deletionTime = now();
      this.#changed();
    }
  }

  #changeVersions(
    action: 'delete' | 'undelete' | 'destroy',
    { fields }: BackendRequest,
    path: string,
  ): undefined {
    const given = fields.versions;
    const numbers = (
      Array.isArray(given) ? given : String(given ?? '').split(',')
    )
      .map(Number)
      .filter(number => Number.isInteger(number) && number > 0);
    if (numbers.length === 0) {
      throw invalidRequest(
        `${action === 'destroy' ? 'no' : 'No'} version number provided`,
      );
    }
    const secret = this.#find(path);
    for (const number of secret ? numbers : []) {
      const version = secret!.versions[number];
      if (!version || version.destroyed) {
        continue;
      }
      if (action === 'destroy') {
        version.destroyed = true;
        version.data = undefined;
      } else if (action === 'undelete') {
        version.deletionTime = this.#deletionTime(secret!);
      } else if (!isGone(version)) {
        version.deletionTime = now();
      }
    }
    this.#changed();
  }

  #list({ fields }: BackendRequest, path: string) {
    return answerKeys(
      listFolder(Object.keys(this.#data.secrets), path, fields),
    );
  }

  #readMetadata(path: string): BackendAnswer | undefined {
    const secret = this.#find(path);
    return (
      secret && {
        data: {
          cas_required: secret.casRequired,
          created_time: secret.createdTime,
          current_metadata_version: secret.metadataVersion,
          current_version: secret.currentVersion,
          custom_metadata: secret.customMetadata,
          delete_version_after: formatDuration(secret.deleteVersionAfter),
          max_versions: secret.maxVersions,
          metadata_cas_required: false,
          oldest_version: secret.oldestVersion,
          updated_time: secret.updatedTime,
          versions: Object.fromEntries(
            Object.entries(secret.versions).map(([number, version]) => [
              number,
              {
                created_time: version.createdTime,
                deletion_time: version.deletionTime,
                destroyed: version.destroyed,
              },
            ]),
          ),
        },
      }
    );
  }

  #writeMetadata({ fields }: BackendRequest, path: string): undefined {
    if (!path) {
      throw invalidRequest('missing path');
    }
    const settings = readSettings(fields);
    const customMetadata = readCustomMetadata(fields.custom_metadata, {});
    if (Object.keys(settings).length === 0 && !customMetadata) {
      return;
    }
    const time = now();
    const existing = this.#find(path);
    const secret = existing ?? createSecret(time, 1);
    if (existing) {
      secret.metadataVersion += 1;
      secret.updatedTime = time;
    }
    this.#data.secrets[path] = secret;
    Object.assign(secret, settings, customMetadata && { customMetadata });
    this.#changed();
  }

  #patchMetadata(
    { fields }: BackendRequest,
    path: string,
  ): BackendAnswer | undefined {
    const secret = this.#find(path);
    if (!secret) {
      return { status: 404, empty: true };
    }
    const customMetadata = readCustomMetadata(
      fields.custom_metadata,
      secret.customMetadata ?? {},
    );
    Object.assign(
      secret,
      readSettings(fields),
      customMetadata && { customMetadata },
      fields.custom_metadata === null && { customMetadata: null },
    );
    secret.metadataVersion += 1;
    secret.updatedTime = now();
    this.#changed();
    return undefined;
  }

  #deleteAll(path: string): undefined {
    delete this.#data.secrets[path];
    this.#changed();
  }
}

function readSettings(fields: BackendRequest['fields']) {
  const settings: Partial<Secret> = {
    maxVersions: readNumber(fields, 'max_versions'),
    casRequired: readBoolean(fields, 'cas_required'),
    deleteVersionAfter: readSeconds(fields, 'delete_version_after'),
  };
  return Object.fromEntries(
    Object.entries(settings).filter(([, value]) => value !== undefined),
  );
}

/** What a path of version 1 gets. */
function refuseOldPath({ operation }: BackendRequest): BackendAnswer {
  const command = { read: 'get', update: 'put', patch: 'patch' } as Record<
    string,
    string
  >;
  return {
    status: 404,
    warnings: [
      `Invalid path for a versioned K/V secrets engine. See the API docs for the appropriate API endpoints to use. If using the OpenBao CLI, use 'bao kv ${
        command[operation] ?? operation
      }' for this operation.`,
    ],
  };
}
