import {
  coreServices,
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { upstreamRegistryServiceRef } from '../core/upstreamRegistryServiceRef';
import { DefaultArgoCdService } from './ArgoCdService';
import type { ArgoCdService } from './ArgoCdService';
import { readArgoCdClients } from './readArgoCdClients';

/**
 * The Argo CDs of `waystone.integrations.argocd.instances`.
 *
 * @public
 */
export const argoCdServiceRef = createServiceRef<ArgoCdService>({
  id: 'waystone.integrations.argocd',
  // One pool of connections, one breaker and one stream per instance, whoever reads them
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
        const argoCd: DefaultArgoCdService = new DefaultArgoCdService(
          readArgoCdClients(config, {
            logger,
            cachesOf: instance => {
              const cache = argoCd.held(instance);
              return cache ? [cache.upstreamCache] : [];
            },
          }),
          logger,
        );
        argoCd.clients.forEach(client => registry.register(client.upstream));
        lifecycle.addShutdownHook(() => argoCd.close());
        return argoCd;
      },
    }),
});
