import { findInstance } from '../core/findInstance';
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
    return findInstance(this.clients, instance, {
      system: 'Vault',
      key: 'waystone.integrations.vault.instances',
    });
  }
}
