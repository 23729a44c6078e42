import { NotAllowedError } from '@backstage/errors';
import type { ForgeService, GitForge } from '@waystone/integrations';
import type { InventoryRow } from './DatabaseInventory';
import { trailerOf } from './Remover';
import type { Inspection, RemovalContext, Remover } from './Remover';

/** How many commits are looked at. A repository with more is nobody's mistake any more. */
const MOST_COMMITS = 50;

/** Removes repositories that still are what the run has made. */
export class RepositoryRemover implements Remover {
  readonly #forges: ForgeService;

  constructor(options: { readonly forges: ForgeService }) {
    this.#forges = options.forges;
  }

  async inspect(
    row: InventoryRow,
    { signal }: RemovalContext,
  ): Promise<Inspection> {
    const { forge, ref } = this.#locate(row);
    if (!(await forge.findRepository(ref, { signal }))) {
      return { present: false, notes: [] };
    }
    const commits = await forge.listCommits(ref, {
      limit: MOST_COMMITS,
      signal,
    });
    const ours = commits.findIndex(({ message }) =>
      message.includes(trailerOf(row.task_id)),
    );
    // On GitHub a repository begins with a commit of its own
    const empty = commits.length <= (forge.system === 'github' ? 1 : 0);
    if (ours === -1 && !empty) {
      return {
        present: true,
        refused: `The latest ${commits.length} commits of ${ref.owner}/${ref.name} are not of this run`,
        notes: [],
      };
    }
    return {
      present: true,
      notes:
        ours > 0
          ? [
              `It has ${ours} ${
                ours === 1 ? 'commit' : 'commits'
              } since this run, which go with it`,
            ]
          : [],
    };
  }

  async remove(row: InventoryRow, context: RemovalContext): Promise<void> {
    const { present, refused } = await this.inspect(row, context);
    if (refused) {
      throw new NotAllowedError(refused);
    }
    if (present) {
      const { forge, ref } = this.#locate(row);
      await forge.deleteRepository(ref, { signal: context.signal });
    }
  }

  #locate({ reference }: InventoryRow): {
    forge: GitForge;
    ref: { owner: string; name: string };
  } {
    return {
      forge: this.#forges.get(reference.forge),
      ref: { owner: reference.owner, name: reference.name },
    };
  }
}
