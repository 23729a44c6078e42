import { NotFoundError } from '@backstage/errors';
import type { VaultClient } from './Client';

/**
 * All Vaults of the configuration.
 *
 * @public
 */
export interface VaultService {
  readonly clients: readonly VaultClient[];
  /** @throws NotFoundError if no instance has the name. */
  get(instance: string): VaultClient;
}

/** @internal */
export class DefaultVaultService implements VaultService {
  readonly clients: readonly VaultClient[];

  constructor(clients: readonly VaultClient[]) {
    this.clients = clients;
  }

  get(instance: string): VaultClient {
    const client = this.clients.find(item => item.instance === instance);
    if (!client) {
      throw new NotFoundError(
        `No Vault '${instance}' in 'waystone.integrations.vault.instances'; there are: ${
          this.clients.map(item => item.instance).join(', ') || 'none'
        }`,
      );
    }
    return client;
  }
}
