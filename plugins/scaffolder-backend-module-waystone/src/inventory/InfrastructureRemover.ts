import type {
  InfrastructureRequests,
  RequestedInfrastructure,
} from '../infrastructure/InfrastructureRequests';
import type { InventoryRow } from './DatabaseInventory';
import type { Inspection, RemovalContext, Remover } from './Remover';

/** Deletes what was requested, in the name of whoever removes it. */
export class InfrastructureRemover implements Remover {
  readonly #requests: InfrastructureRequests;

  constructor(options: { readonly requests: InfrastructureRequests }) {
    this.#requests = options.requests;
  }

  async inspect(
    row: InventoryRow,
    context: RemovalContext,
  ): Promise<Inspection> {
    const found = await this.#find(row, context);
    if (!found) {
      return { present: false, notes: [] };
    }
    if (found.status === 'awaiting-approval') {
      return {
        present: true,
        refused: `${found.name} waits for approval, and nothing is made of it yet. Who approves can reject it`,
        notes: [],
      };
    }
    return {
      present: true,
      ...(found.deletionProtection && {
        refused: `${found.name} is protected against deletion. Take the protection off in its own page first`,
      }),
      notes: ['Its data goes with it'],
    };
  }

  async remove(row: InventoryRow, context: RemovalContext): Promise<void> {
    const found = await this.#find(row, context);
    if (found) {
      await this.#requests.remove(found, context);
    }
  }

  async #find(
    { reference }: InventoryRow,
    context: RemovalContext,
  ): Promise<RequestedInfrastructure | undefined> {
    const { id, name, environment } = reference;
    const found = await this.#requests.find({ name, environment }, context);
    // Without an id the run ended before it heard of one
    const ours = id === undefined || found?.id === id;
    return found?.status !== 'deleting' && ours ? found : undefined;
  }
}
