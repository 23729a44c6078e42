import {
  coreServices,
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { registerClients } from '../core/registerClients';
import { upstreamRegistryServiceRef } from '../core/upstreamRegistryServiceRef';
import { createKubernetesClient } from './createKubernetesClient';
import { DefaultKubernetesService } from './KubernetesService';
import type { KubernetesService } from './KubernetesService';
import { readClusters } from './readClusters';

/**
 * The clusters of the `kubernetes` section of the configuration.
 *
 * @public
 */
export const kubernetesServiceRef = createServiceRef<KubernetesService>({
  id: 'waystone.integrations.kubernetes',
  // One pool of connections, one breaker and one watch per cluster, whoever reads them
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
      async factory({ config, lifecycle, logger, registry }) {
        const clusters = await readClusters(config, logger);
        const clients = clusters.map(({ name, url, ...cluster }) =>
          createKubernetesClient({
            ...cluster,
            cluster: name,
            baseUrl: url,
            logger,
          }),
        );
        registerClients(clients, { lifecycle, registry });
        return new DefaultKubernetesService(clients);
      },
    }),
});
