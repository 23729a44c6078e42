import {
  coreServices,
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { registerClients } from '../core/registerClients';
import { upstreamRegistryServiceRef } from '../core/upstreamRegistryServiceRef';
import { readPrometheusClients } from './readPrometheusClients';
import { DefaultPrometheusService } from './PrometheusService';
import type { PrometheusService } from './PrometheusService';

/**
 * The Prometheus servers of `waystone.integrations.prometheus.instances`.
 *
 * @public
 */
export const prometheusServiceRef = createServiceRef<PrometheusService>({
  id: 'waystone.integrations.prometheus',
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
        const clients = readPrometheusClients(config, logger);
        registerClients(clients, { lifecycle, registry });
        return new DefaultPrometheusService(clients);
      },
    }),
});
