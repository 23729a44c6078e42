import type { AuthService } from '@backstage/backend-plugin-api';
import { CATALOG_FILTER_EXISTS } from '@backstage/catalog-client';
import { stringifyEntityRef, type Entity } from '@backstage/catalog-model';
import type { ScmIntegrationRegistry } from '@backstage/integration';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { getLocationForEntity } from '@backstage/plugin-techdocs-node';

export interface DocumentedEntitiesOptions {
  readonly auth: AuthService;
  readonly catalog: CatalogService;
  readonly scmIntegrations: ScmIntegrationRegistry;
}

interface DocumentedEntity {
  readonly entityRef: string;
  /** Where the docs are read from, when that is a repository. */
  readonly url?: string;
}

const PAGE_SIZE = 500;
/** Pushes that come together are looked up in the same list. */
const FRESH_MILLISECONDS = 10_000;

const FIELDS = [
  'kind',
  'metadata.namespace',
  'metadata.name',
  'metadata.annotations',
];

/** Entities with docs, as the portal itself sees them. */
export class DocumentedEntities {
  readonly #options: DocumentedEntitiesOptions;
  #list?: {
    readonly at: number;
    readonly entities: Promise<DocumentedEntity[]>;
  };

  constructor(options: DocumentedEntitiesOptions) {
    this.#options = options;
  }

  /** Of all entities with docs. */
  async refs(): Promise<readonly string[]> {
    return (await this.#read()).map(({ entityRef }) => entityRef);
  }

  /** Of entities whose docs are in a repository. */
  async refsIn(repositoryUrl: string): Promise<readonly string[]> {
    const wanted = placeOf(repositoryUrl);
    if (!wanted) return [];
    const fresh = this.#list && Date.now() - this.#list.at < FRESH_MILLISECONDS;
    const entities = await (fresh ? this.#list!.entities : this.#read());
    return entities
      .filter(({ url }) => url && `${placeOf(url)}/`.startsWith(`${wanted}/`))
      .map(({ entityRef }) => entityRef);
  }

  /** An entity with all that a build needs; undefined when it is gone or has no docs. */
  async find(entityRef: string): Promise<Entity | undefined> {
    const { auth, catalog } = this.#options;
    const entity = await catalog.getEntityByRef(entityRef, {
      credentials: await auth.getOwnServiceCredentials(),
    });
    return entity?.metadata.annotations?.['backstage.io/techdocs-ref']
      ? entity
      : undefined;
  }

  #read(): Promise<DocumentedEntity[]> {
    const entities = this.#query();
    this.#list = { at: Date.now(), entities };
    entities.catch(() => {
      this.#list = undefined;
    });
    return entities;
  }

  async #query(): Promise<DocumentedEntity[]> {
    const { auth, catalog, scmIntegrations } = this.#options;
    const credentials = await auth.getOwnServiceCredentials();
    const found: DocumentedEntity[] = [];
    let cursor: string | undefined;
    do {
      const page = await catalog.queryEntities(
        cursor
          ? { cursor, limit: PAGE_SIZE }
          : {
              filter: {
                'metadata.annotations.backstage.io/techdocs-ref':
                  CATALOG_FILTER_EXISTS,
              },
              fields: FIELDS,
              limit: PAGE_SIZE,
            },
        { credentials },
      );
      cursor = page.pageInfo.nextCursor;
      for (const entity of page.items) {
        found.push({
          entityRef: stringifyEntityRef(entity),
          url: sourceOf(entity, scmIntegrations),
        });
      }
    } while (cursor);
    return found;
  }
}

function sourceOf(
  entity: Entity,
  scmIntegrations: ScmIntegrationRegistry,
): string | undefined {
  try {
    const { type, target } = getLocationForEntity(entity, scmIntegrations);
    return type === 'url' ? target : undefined;
  } catch {
    // An annotation that leads nowhere: the build says so
    return undefined;
  }
}

/** Host and path of an address, which is all that tells repositories apart: forges ignore case. */
function placeOf(url: string): string | undefined {
  try {
    const { host, pathname } = new URL(url);
    return `${host}${pathname.replace(/(?:\.git)?\/*$/, '')}`.toLowerCase();
  } catch {
    // Not an address
    return undefined;
  }
}
