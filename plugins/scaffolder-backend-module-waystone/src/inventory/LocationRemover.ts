import type { AuthService } from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { InventoryRow } from './DatabaseInventory';
import type { Inspection, Remover } from './Remover';

/** Takes locations out of the catalog, and with them what they brought. */
export class LocationRemover implements Remover {
  readonly #auth: AuthService;
  readonly #catalog: CatalogService;

  constructor(options: {
    readonly auth: AuthService;
    readonly catalog: CatalogService;
  }) {
    this.#auth = options.auth;
    this.#catalog = options.catalog;
  }

  async inspect(row: InventoryRow): Promise<Inspection> {
    const location = await this.#find(row);
    return location
      ? { present: true, notes: ['What it describes leaves the catalog'] }
      : { present: false, notes: [] };
  }

  async remove(row: InventoryRow): Promise<void> {
    const location = await this.#find(row);
    if (location) {
      // Members may not remove locations, which may bring the entities of several teams. This one is their own
      await this.#catalog.removeLocationById(location.id, {
        credentials: await this.#auth.getOwnServiceCredentials(),
      });
    }
  }

  async #find({ reference }: InventoryRow) {
    const { items } = await this.#catalog.queryLocations(
      { query: { type: 'url', target: reference.target }, limit: 1 },
      { credentials: await this.#auth.getOwnServiceCredentials() },
    );
    return items.at(0);
  }
}
