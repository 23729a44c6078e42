import { CATALOG_FILTER_EXISTS } from '@backstage/catalog-client';
import type { Entity } from '@backstage/catalog-model';
import { CatalogFollower, readIdentity } from '@waystone/read-models';
import type {
  CatalogFollowerOptions,
  EntityIdentity,
} from '@waystone/read-models';
import { KUBERNETES_ID } from '../kubernetes/readWorkload';

const FIELDS = [
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.title',
  'metadata.description',
  'metadata.annotations',
  'metadata.links',
  'metadata.tags',
  'relations',
  'spec.lifecycle',
  'spec.type',
];

/** What is kept of an entity. */
export interface GovernedEntity extends EntityIdentity {
  readonly kind: string;
  readonly kubernetesId?: string;
  /** Where its secrets are, and in which engine and instance. */
  readonly secrets?: {
    readonly path: string;
    readonly engine?: string;
    readonly instance?: string;
  };
  /** What scorecards look at. */
  readonly type?: string;
  readonly lifecycle?: string;
  readonly description?: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly links: number;
  readonly tags: number;
  readonly apis: number;
}

/** The components of the catalog and what else runs in clusters, read when they have changed. */
export class EntityDirectory {
  readonly #follower: CatalogFollower<GovernedEntity>;
  #byRef = new Map<string, GovernedEntity>();

  static create(
    options: Pick<
      CatalogFollowerOptions<GovernedEntity>,
      'auth' | 'catalog' | 'events' | 'logger' | 'scheduler'
    >,
  ): EntityDirectory {
    return new EntityDirectory(
      CatalogFollower.create({
        ...options,
        pluginId: 'governance',
        what: 'entities',
        fields: FIELDS,
        filter: [
          { kind: 'Component' },
          {
            [`metadata.annotations.${KUBERNETES_ID}`]: CATALOG_FILTER_EXISTS,
          },
          {
            'metadata.annotations.vault.io/secrets-path': CATALOG_FILTER_EXISTS,
          },
        ],
        read: toGovernedEntity,
      }),
    );
  }

  private constructor(follower: CatalogFollower<GovernedEntity>) {
    this.#follower = follower;
  }

  get entities(): readonly GovernedEntity[] {
    return this.#follower.items;
  }

  get(entityRef: string): GovernedEntity | undefined {
    return this.#byRef.get(entityRef);
  }

  /** Begins to read, and tells when something was read. */
  async start(listener: () => void): Promise<void> {
    await this.#follower.start(() => {
      this.#byRef = new Map(
        this.entities.map(entity => [entity.entityRef, entity]),
      );
      listener();
    });
  }

  stop(): void {
    this.#follower.stop();
  }
}

/** Reads what governance needs of an entity. */
export function toGovernedEntity(entity: Entity): GovernedEntity {
  const { metadata, relations = [], spec } = entity;
  const annotations = metadata.annotations ?? {};
  const note = (name: string) => annotations[name]?.trim() || undefined;
  const path = note('vault.io/secrets-path');
  return {
    ...readIdentity(entity),
    kind: entity.kind,
    kubernetesId: note(KUBERNETES_ID),
    ...(path && {
      secrets: {
        path,
        engine: note('vault.io/secrets-engine'),
        instance: note('vault.io/instance'),
      },
    }),
    type: typeof spec?.type === 'string' ? spec.type : undefined,
    lifecycle: typeof spec?.lifecycle === 'string' ? spec.lifecycle : undefined,
    description: metadata.description,
    annotations,
    links: metadata.links?.length ?? 0,
    tags: metadata.tags?.length ?? 0,
    apis: relations.filter(({ type }) => type === 'providesApi').length,
  };
}
