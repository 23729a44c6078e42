import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { AuthorizeResult } from '@backstage/plugin-permission-common';

/** How many refs the catalog is asked for at once. */
const CHUNK = 1000;

/** Tells which entities a caller may see, as the catalog would. */
export class VisibleServices {
  readonly #catalog: CatalogService;
  readonly #permissions: PermissionsService;

  static create(options: {
    readonly catalog: CatalogService;
    readonly permissions: PermissionsService;
  }): VisibleServices {
    return new VisibleServices(options.catalog, options.permissions);
  }

  private constructor(
    catalog: CatalogService,
    permissions: PermissionsService,
  ) {
    this.#catalog = catalog;
    this.#permissions = permissions;
  }

  /** Keeps what the caller may see. Only where that depends on the entity is the catalog asked. */
  async filter<T extends { readonly entityRef: string }>(
    services: readonly T[],
    credentials: BackstageCredentials,
  ): Promise<readonly T[]> {
    const [decision] = await this.#permissions.authorizeConditional(
      [{ permission: catalogEntityReadPermission }],
      { credentials },
    );
    if (decision.result === AuthorizeResult.ALLOW) {
      return services;
    }
    if (decision.result === AuthorizeResult.DENY) {
      return [];
    }
    const visible: T[] = [];
    for (let start = 0; start < services.length; start += CHUNK) {
      const chunk = services.slice(start, start + CHUNK);
      const { items } = await this.#catalog.getEntitiesByRefs(
        {
          entityRefs: chunk.map(({ entityRef }) => entityRef),
          fields: ['kind', 'metadata.name'],
        },
        { credentials },
      );
      visible.push(...chunk.filter((_, index) => items[index]));
    }
    return visible;
  }
}
