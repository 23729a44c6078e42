import { ConflictError, NotFoundError } from '@backstage/errors';
import type {
  CreatedKind,
  CreatedResource,
  RemovalPreview,
} from '@waystone/plugin-golden-paths-common';
import type { DatabaseInventory, InventoryRow } from './DatabaseInventory';
import type { Inspection, RemovalContext, Remover } from './Remover';
import { messageOf } from '../infrastructure/messageOf';
import type { DatabaseWorkspaces } from '../workspace/DatabaseWorkspaces';

/** What a removal came to. */
export interface Removal {
  readonly removed: readonly InventoryRow[];
  readonly failed?: { readonly row: InventoryRow; readonly error: unknown };
}

/** Shows what runs have made, and removes it. */
export class InventoryService {
  readonly #inventory: Pick<DatabaseInventory, 'list' | 'markRemoved'>;
  readonly #removers: Readonly<Record<Exclude<CreatedKind, 'manual'>, Remover>>;
  readonly #workspaces: Pick<DatabaseWorkspaces, 'startOver'>;

  constructor(options: {
    readonly inventory: Pick<DatabaseInventory, 'list' | 'markRemoved'>;
    readonly removers: Readonly<
      Record<Exclude<CreatedKind, 'manual'>, Remover>
    >;
    readonly workspaces: Pick<DatabaseWorkspaces, 'startOver'>;
  }) {
    this.#inventory = options.inventory;
    this.#removers = options.removers;
    this.#workspaces = options.workspaces;
  }

  /** What a run has made, in order. */
  async list(taskId: string): Promise<CreatedResource[]> {
    return (await this.#inventory.list(taskId)).map(toResource);
  }

  /** What would become of what. Nothing is changed. */
  async preview(
    taskId: string,
    ids: readonly string[],
    context: RemovalContext,
  ): Promise<RemovalPreview> {
    const rows = await this.#select(taskId, ids);
    return {
      steps: await Promise.all(
        rows.map(async row => ({
          id: row.id,
          kind: row.kind,
          title: row.title,
          ...(await this.#inspect(row, context)),
        })),
      ),
    };
  }

  /**
   * Removes in reverse order, and ends at the first failure: what was made before may be needed by what is left. A run of
   * which something was removed starts over if it is tried again.
   */
  async remove(
    taskId: string,
    ids: readonly string[],
    options: RemovalContext & { readonly removedBy: string },
  ): Promise<Removal> {
    const removed: InventoryRow[] = [];
    const selected = await this.#select(taskId, ids);
    await this.#workspaces.startOver(taskId);
    for (const row of selected) {
      try {
        if (row.kind !== 'manual') {
          await this.#removers[row.kind].remove(row, options);
        }
        await this.#inventory.markRemoved(row.id, options.removedBy);
        removed.push(row);
      } catch (error) {
        return { removed, failed: { row, error } };
      }
    }
    return { removed };
  }

  async #inspect(
    row: InventoryRow,
    context: RemovalContext,
  ): Promise<RemovalPreviewStep> {
    if (row.kind === 'manual') {
      return {
        present: true,
        notes: ['Only a person can remove it. It is marked as removed here'],
      };
    }
    try {
      const { notes, ...rest } = await this.#removers[row.kind].inspect(
        row,
        context,
      );
      return { ...rest, notes: [...notes] };
    } catch (error) {
      return {
        present: true,
        refused: `It cannot be looked at now: ${messageOf(error)}`,
        notes: [],
      };
    }
  }

  /** In the order of removal. */
  async #select(
    taskId: string,
    ids: readonly string[],
  ): Promise<InventoryRow[]> {
    const rows = await this.#inventory.list(taskId);
    const selected = rows.filter(({ id }) => ids.includes(id)).reverse();
    if (selected.length !== new Set(ids).size) {
      throw new NotFoundError(
        'The run has not made some of that. Load the page again',
      );
    }
    const gone = selected.find(({ state }) => state === 'removed');
    if (gone) {
      throw new ConflictError(
        `${gone.title} was removed already. Load the page again`,
      );
    }
    return selected;
  }
}

type RemovalPreviewStep = Omit<Inspection, 'notes'> & { notes: string[] };

function toResource(row: InventoryRow): CreatedResource {
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    ...(row.url && { url: row.url }),
    state: row.state,
    createdAt: row.created_at.toISOString(),
    ...(row.removed_at && { removedAt: row.removed_at.toISOString() }),
    ...(row.removed_by && { removedBy: row.removed_by }),
  };
}
