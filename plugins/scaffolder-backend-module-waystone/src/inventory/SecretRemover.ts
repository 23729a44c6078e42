import type { VaultService } from '@waystone/integrations';
import type { InventoryRow } from './DatabaseInventory';
import type { Inspection, RemovalContext, Remover } from './Remover';

/** Removes secrets from Vault, without reading them. */
export class SecretRemover implements Remover {
  readonly #vault: VaultService;

  constructor(options: { readonly vault: VaultService }) {
    this.#vault = options.vault;
  }

  async inspect(
    { reference }: InventoryRow,
    { signal }: RemovalContext,
  ): Promise<Inspection> {
    const metadata = await this.#vault
      .get(reference.instance)
      .findSecretMetadata(refOf(reference), { signal });
    if (!metadata) {
      return { present: false, notes: [] };
    }
    return {
      present: true,
      notes:
        metadata.currentVersion > 1
          ? [
              `It was changed since: it is at version ${metadata.currentVersion}. All versions go`,
            ]
          : [],
    };
  }

  async remove(
    { reference }: InventoryRow,
    { signal }: RemovalContext,
  ): Promise<void> {
    await this.#vault
      .get(reference.instance)
      .removeSecret(refOf(reference), { signal });
  }
}

function refOf({ mount, path }: InventoryRow['reference']) {
  return { mount, path };
}
