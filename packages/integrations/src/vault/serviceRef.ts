import {
  coreServices,
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { registerClients } from '../core/registerClients';
import { upstreamRegistryServiceRef } from '../core/upstreamRegistryServiceRef';
import { readVaultClients } from './readVaultClients';
import { DefaultVaultService } from './VaultService';
import type { VaultService } from './VaultService';

/**
 * The Vaults of `waystone.integrations.vault.instances`.
 *
 * @public
 */
export const vaultServiceRef = createServiceRef<VaultService>({
  id: 'waystone.integrations.vault',
  // One token, one pool of connections and one breaker per instance and process
  scope: 'root',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: {
        config: coreServices.rootConfig,
        logger: coreServices.rootLogger,
        lifecycle: coreServices.rootLifecycle,
        registry: upstreamRegistryServiceRef,
      },
      factory({ config, lifecycle, logger, registry }) {
        const clients = readVaultClients(config, logger);
        registerClients(clients, { lifecycle, registry });
        return new DefaultVaultService(clients);
      },
    }),
});
