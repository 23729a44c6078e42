import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { AuthorizeResult } from '@backstage/plugin-permission-common';

/** How many refs the catalog is asked for at once. */
const CHUNK = 1000;

/**
 * What a caller may see.
 *
 * @public
 */
export interface VisibleScope {
  /** Undefined: everything. */
  readonly entityRefs?: ReadonlySet<string>;
  /** Whether what belongs to an entity may be seen. What belongs to none is only for those who may see all. */
  readonly includes: (entityRef: string | undefined) => boolean;
}

/**
 * Tells which entities a caller may see, as the catalog would.
 *
 * @public
 */
export class VisibleEntities {
  readonly #catalog: CatalogService;
  readonly #permissions: PermissionsService;

  static create(options: {
    readonly catalog: CatalogService;
    readonly permissions: PermissionsService;
  }): VisibleEntities {
    return new VisibleEntities(options.catalog, options.permissions);
  }

  private constructor(
    catalog: CatalogService,
    permissions: PermissionsService,
  ) {
    this.#catalog = catalog;
    this.#permissions = permissions;
  }

  /**
   * Only where it depends on the entity is the catalog asked.
   *
   * @param entityRefs - all that are in question, in lower case
   */
  async scope(
    entityRefs: readonly string[],
    credentials: BackstageCredentials,
  ): Promise<VisibleScope> {
    const [decision] = await this.#permissions.authorizeConditional(
      [{ permission: catalogEntityReadPermission }],
      { credentials },
    );
    if (decision.result === AuthorizeResult.ALLOW) {
      return { includes: () => true };
    }
    const visible = new Set<string>();
    if (decision.result === AuthorizeResult.CONDITIONAL) {
      for (let start = 0; start < entityRefs.length; start += CHUNK) {
        const chunk = entityRefs.slice(start, start + CHUNK);
        const { items } = await this.#catalog.getEntitiesByRefs(
          { entityRefs: chunk, fields: ['kind', 'metadata.name'] },
          { credentials },
        );
        chunk
          .filter((_, index) => items[index])
          .forEach(entityRef => visible.add(entityRef));
      }
    }
    return {
      entityRefs: visible,
      includes: entityRef => entityRef !== undefined && visible.has(entityRef),
    };
  }

  /** Keeps what belongs to entities that the caller may see. */
  async filter<T extends { readonly entityRef: string }>(
    items: readonly T[],
    credentials: BackstageCredentials,
  ): Promise<readonly T[]> {
    const { includes } = await this.scope(
      items.map(({ entityRef }) => entityRef),
      credentials,
    );
    return items.filter(({ entityRef }) => includes(entityRef));
  }
}
