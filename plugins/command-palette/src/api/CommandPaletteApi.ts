import { createApiRef } from '@backstage/frontend-plugin-api';

/**
 * Opens and closes the command palette.
 *
 * @public
 */
export interface CommandPaletteApi {
  isOpen(): boolean;
  open(): void;
  close(): void;
  /** @returns What ends the subscription. */
  subscribe(listener: () => void): () => void;
}

/** @public */
export const commandPaletteApiRef = createApiRef<CommandPaletteApi>().with({
  id: 'plugin.command-palette.palette',
  pluginId: 'command-palette',
});

/** @internal */
export class DefaultCommandPaletteApi implements CommandPaletteApi {
  readonly #listeners = new Set<() => void>();
  #open = false;

  // Bound, as they are handed to React
  readonly isOpen = () => this.#open;
  readonly open = () => this.#set(true);
  readonly close = () => this.#set(false);
  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  #set(open: boolean) {
    if (this.#open !== open) {
      this.#open = open;
      this.#listeners.forEach(listener => listener());
    }
  }
}
