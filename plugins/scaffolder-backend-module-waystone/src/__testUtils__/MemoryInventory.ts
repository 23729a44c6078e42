import type {
  Announcement,
  Inventory,
  NewResource,
} from '../inventory/Inventory';

/** An inventory without a database. */
export class MemoryInventory implements Inventory {
  readonly #entries = new Map<
    string,
    { state: 'announced' | 'created'; resource: NewResource }
  >();

  /** What there is, as `<kind> <title> <state>`. */
  get summary(): string[] {
    return [...this.#entries.values()].map(
      ({ resource, state }) => `${resource.kind} ${resource.title} ${state}`,
    );
  }

  async announce(taskId: string, resource: NewResource): Promise<Announcement> {
    const key = JSON.stringify([taskId, resource.kind, resource.reference]);
    const repeated = this.#entries.has(key);
    const entry = this.#entries.get(key) ?? { state: 'announced', resource };
    this.#entries.set(key, entry);
    return {
      repeated,
      confirm: async () => {
        entry.state = 'created';
      },
      withdraw: async () => {
        this.#entries.delete(key);
      },
    };
  }
}
