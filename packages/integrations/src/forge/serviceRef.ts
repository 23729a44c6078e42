import {
  coreServices,
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { registerClients } from '../core/registerClients';
import { upstreamRegistryServiceRef } from '../core/upstreamRegistryServiceRef';
import { DefaultForgeService } from './ForgeService';
import type { ForgeService } from './ForgeService';
import { readForges } from './readForges';

/**
 * The Git forges of Backstage's `integrations` that have credentials.
 *
 * @public
 */
export const forgesServiceRef = createServiceRef<ForgeService>({
  id: 'waystone.integrations.forges',
  // One pool of connections and one breaker per instance and process
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
        const forges = readForges(config, logger);
        registerClients(forges, { lifecycle, registry });
        return new DefaultForgeService(forges);
      },
    }),
});
