import { randomUUID } from 'node:crypto';
import type {
  CreatedKind,
  CreatedState,
} from '@waystone/plugin-golden-paths-common';
import type { Knex } from 'knex';
import type { Announcement, Inventory, NewResource } from './Inventory';

const TABLE = 'waystone_created_resources';

/** A row of the table. */
export interface InventoryRow {
  readonly id: string;
  readonly task_id: string;
  readonly kind: CreatedKind;
  readonly key: string;
  readonly reference: Readonly<Record<string, string>>;
  readonly title: string;
  readonly url: string | null;
  readonly state: CreatedState;
  readonly created_at: Date;
  readonly removed_at: Date | null;
  readonly removed_by: string | null;
}

/** The inventory in the scaffolder's database. */
export class DatabaseInventory implements Inventory {
  readonly #knex: Knex;

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** @param options.migrations - the folder of the migrations */
  static async create(options: {
    readonly knex: Knex;
    readonly migrations: string;
  }): Promise<DatabaseInventory> {
    await options.knex.migrate.latest({
      directory: options.migrations,
      // The scaffolder has a list of its own, and each would take the other's for a mistake
      tableName: 'waystone_migrations',
    });
    return new DatabaseInventory(options.knex);
  }

  async announce(taskId: string, resource: NewResource): Promise<Announcement> {
    const key = keyOf(resource.reference);
    const id = randomUUID();
    const [inserted] = await this.#knex(TABLE)
      .insert({
        id,
        task_id: taskId,
        kind: resource.kind,
        key,
        reference: JSON.stringify(resource.reference),
        title: resource.title,
        url: resource.url ?? null,
        state: 'announced',
        created_at: new Date(),
      })
      .onConflict(['task_id', 'kind', 'key'])
      .ignore()
      .returning('id');
    const row: InventoryRow = await this.#knex(TABLE)
      .where({ task_id: taskId, kind: resource.kind, key })
      .first();
    if (row.state === 'removed') {
      // Removed by hand, then the run was tried again: it is made anew
      await this.#knex(TABLE).where({ id: row.id }).update({
        state: 'announced',
        removed_at: null,
        removed_by: null,
      });
    }
    return {
      repeated: !inserted && row.state !== 'removed',
      confirm: async (found = {}) => {
        await this.#knex(TABLE)
          .where({ id: row.id })
          .update({
            state: 'created',
            url: found.url ?? row.url,
            reference: JSON.stringify({ ...row.reference, ...found.reference }),
          });
      },
      withdraw: async () => {
        await this.#knex(TABLE).where({ id: row.id }).delete();
      },
    };
  }

  /** What a run has made, in order. */
  async list(taskId: string): Promise<InventoryRow[]> {
    return this.#knex<InventoryRow>(TABLE)
      .where({ task_id: taskId })
      .orderBy('sequence');
  }

  /** Says who removed it. */
  async markRemoved(id: string, removedBy: string): Promise<void> {
    await this.#knex(TABLE).where({ id }).update({
      state: 'removed',
      removed_at: new Date(),
      removed_by: removedBy,
    });
  }
}

function keyOf(reference: NewResource['reference']): string {
  return JSON.stringify(
    Object.entries(reference).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
