import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { Environments } from '@waystone/environments';
import { UpstreamError } from '@waystone/integrations';
import type {
  SecretMetadata as VaultSecretMetadata,
  VaultClient,
  VaultService,
} from '@waystone/integrations';
import type {
  Freshness,
  SecretMetadata,
} from '@waystone/plugin-governance-common';
import type { KindChange } from '../kubernetes/KindWatcher';
import { readTime } from '../kubernetes/readTime';
import type { GovernedEntity } from '../model/EntityDirectory';

/** The engine, where an entity names none. */
const ENGINE = 'secret';

/** How deep below an entity's path secrets are looked for, and how many there are at most. */
const DEEPEST = 3;
const MOST = 200;

/** Between two entities, so that a round over thousands does not crowd out others. */
const PAUSE_MS = 5;

interface Located {
  readonly path: string;
  readonly mount: string;
  readonly metadata: VaultSecretMetadata;
}

/**
 * What is known of the secrets of the catalog's entities: where, how old, when due. Values are never asked for.
 *
 * @remarks
 * Vault cannot be watched, so it is read in rounds; one that does not answer keeps what was known of it.
 */
export class SecretDirectory {
  readonly #vaults: Pick<VaultService, 'clients'>;
  readonly #environments: Environments;
  readonly #logger: LoggerService;
  readonly #secrets = new Map<string, readonly SecretMetadata[]>();
  readonly #consumers = new Map<
    string,
    {
      readonly place: SecretMetadata['consumers'][number];
      readonly keys: readonly string[];
    }
  >();
  readonly #freshness = new Map<string, Freshness>();
  #running?: Promise<void>;
  #wanted?: readonly GovernedEntity[];

  constructor(options: {
    readonly vaults: Pick<VaultService, 'clients'>;
    readonly environments: Environments;
    readonly logger: LoggerService;
  }) {
    this.#vaults = options.vaults;
    this.#environments = options.environments;
    this.#logger = options.logger;
  }

  get freshness(): readonly Freshness[] {
    return this.#vaults.clients.map(
      ({ instance }): Freshness =>
        this.#freshness.get(instance) ?? {
          source: `vault/${instance}`,
          stale: true,
          reason: 'It is being read for the first time',
        },
    );
  }

  /** Of one entity; those that are due first. */
  of(entityRef: string): readonly SecretMetadata[] {
    const now = Date.now();
    return (this.#secrets.get(entityRef) ?? []).map(secret => ({
      ...secret,
      overdue: Date.parse(secret.rotationDue ?? '') < now,
      consumers: this.#consumersOf(secret.path),
    }));
  }

  /** Takes an ExternalSecret. */
  setConsumer(change: KindChange<readonly string[]>): void {
    const { cluster, kind, name, namespace, object } = change;
    const key = `${cluster}/${namespace ?? ''}/${kind}/${name}`;
    if (object) {
      this.#consumers.set(key, {
        place: { cluster, kind, name, ...(namespace && { namespace }) },
        keys: object,
      });
    } else {
      this.#consumers.delete(key);
    }
  }

  /** Reads the secrets of all entities; one round at a time. */
  async refresh(
    entities: readonly GovernedEntity[],
    signal?: AbortSignal,
  ): Promise<void> {
    this.#wanted = entities;
    this.#running ??= this.#rounds(signal).finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  /** Entities that are told during a round get another one. */
  async #rounds(signal?: AbortSignal) {
    while (this.#wanted && !signal?.aborted) {
      const entities = this.#wanted;
      this.#wanted = undefined;
      await this.#round(entities, signal);
    }
  }

  async #round(entities: readonly GovernedEntity[], signal?: AbortSignal) {
    const [first] = this.#vaults.clients;
    const failed = new Map<string, string>();
    const asked = new Set<string>();
    for (const entity of entities) {
      const { secrets } = entity;
      const client = secrets?.instance
        ? this.#vaults.clients.find(
            ({ instance }) => instance === secrets.instance,
          )
        : first;
      if (signal?.aborted) {
        return;
      }
      if (secrets && client && !failed.has(client.instance)) {
        asked.add(client.instance);
        try {
          const located = await locate(client, {
            mount: secrets.engine ?? ENGINE,
            path: secrets.path,
            signal,
          });
          this.#secrets.set(
            entity.entityRef,
            located.map(each => this.#describe(entity, client, each)),
          );
        } catch (error) {
          if (!(error instanceof UpstreamError)) {
            throw error;
          }
          if (error.code === 'denied') {
            // The portal may not look there: that says nothing of the others.
            this.#secrets.delete(entity.entityRef);
          } else {
            failed.set(client.instance, error.message);
            this.#logger.warn(
              'The metadata of secrets could not be read',
              toError(error),
            );
          }
        }
        await sleep(PAUSE_MS);
      }
    }
    const known = new Set(entities.map(({ entityRef }) => entityRef));
    for (const entityRef of this.#secrets.keys()) {
      if (!known.has(entityRef)) {
        this.#secrets.delete(entityRef);
      }
    }
    for (const { instance } of this.#vaults.clients) {
      const reason = failed.get(instance);
      const before = this.#freshness.get(instance);
      const source = `vault/${instance}`;
      if (reason) {
        this.#freshness.set(instance, {
          source,
          stale: true,
          reason,
          ...(before?.observedAt && { observedAt: before.observedAt }),
        });
      } else if (asked.has(instance) || entities.length > 0) {
        this.#freshness.set(instance, {
          source,
          stale: false,
          observedAt: new Date().toISOString(),
        });
      }
    }
  }

  #describe(
    entity: GovernedEntity,
    client: VaultClient,
    { metadata, mount, path }: Located,
  ): SecretMetadata {
    const { currentVersion, customMetadata, updatedAt, versions } = metadata;
    const current = versions.find(({ version }) => version === currentVersion);
    const rotatedAt = readTime(current?.createdAt ?? updatedAt);
    const full = `${mount}/${path}`;
    return {
      id: createHash('sha256')
        .update(`${client.instance}/${full}`)
        .digest('base64url')
        .slice(0, 22),
      entityRef: entity.entityRef,
      title: entity.title,
      ...(entity.owner && { owner: entity.owner }),
      source: `vault/${client.instance}`,
      path: full,
      ...this.#environmentOf(path),
      version: currentVersion,
      createdAt: readTime(metadata.createdAt),
      rotatedAt,
      ...readDue(customMetadata, rotatedAt),
      overdue: false,
      consumers: [],
    };
  }

  #environmentOf(path: string): { readonly environment?: string } {
    const parts = path.split('/');
    const found = this.#environments.all.find(({ name }) =>
      parts.includes(name),
    );
    return found ? { environment: found.name } : {};
  }

  /** An ExternalSecret may name the engine, or leave that to its store. */
  #consumersOf(path: string): SecretMetadata['consumers'] {
    const [mount, ...rest] = path.split('/');
    const short = rest.join('/');
    const names = [path, short, `${mount}/data/${short}`];
    return [...this.#consumers.values()]
      .filter(({ keys }) => keys.some(key => names.includes(key)))
      .map(({ place }) => place);
  }
}

/** All secrets at and below a path. */
async function locate(
  client: VaultClient,
  options: {
    readonly mount: string;
    readonly path: string;
    readonly signal?: AbortSignal;
  },
): Promise<readonly Located[]> {
  const { mount, signal } = options;
  const root = options.path.replace(/^\/+|\/+$/g, '');
  const found: Located[] = [];
  const take = async (path: string) => {
    const metadata = await client.findSecretMetadata(
      { mount, path },
      { signal },
    );
    if (metadata && metadata.currentVersion > 0) {
      found.push({ mount, path, metadata });
    }
  };
  const walk = async (folder: string, depth: number) => {
    const names = await client.listSecrets({ mount, path: folder }, { signal });
    for (const name of names) {
      if (found.length >= MOST) {
        return;
      }
      const path = `${folder}/${name.replace(/\/$/, '')}`;
      if (!name.endsWith('/')) {
        await take(path);
      } else if (depth < DEEPEST) {
        await walk(path, depth + 1);
      }
    }
  };
  await take(root);
  await walk(root, 1);
  return found;
}

/** `rotation-due` is a day; `rotation-days` counts from the last rotation. */
function readDue(
  custom: Readonly<Record<string, string>>,
  rotatedAt: string | undefined,
): { readonly rotationDue?: string } {
  const due = Date.parse(custom['rotation-due'] ?? '');
  if (!Number.isNaN(due)) {
    return { rotationDue: new Date(due).toISOString() };
  }
  const days = Number(custom['rotation-days']);
  return rotatedAt && days > 0 && days < 36_500
    ? {
        rotationDue: new Date(
          Date.parse(rotatedAt) + days * 86_400_000,
        ).toISOString(),
      }
    : {};
}
