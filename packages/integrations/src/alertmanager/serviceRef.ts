import {
  coreServices,
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { registerClients } from '../core/registerClients';
import { upstreamRegistryServiceRef } from '../core/upstreamRegistryServiceRef';
import { readAlertmanagerClients } from './readAlertmanagerClients';
import { DefaultAlertmanagerService } from './AlertmanagerService';
import type { AlertmanagerService } from './AlertmanagerService';

/**
 * The Alertmanagers of `waystone.integrations.alertmanager.instances`.
 *
 * @public
 */
export const alertmanagerServiceRef = createServiceRef<AlertmanagerService>({
  id: 'waystone.integrations.alertmanager',
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
        const clients = readAlertmanagerClients(config, logger);
        registerClients(clients, { lifecycle, registry });
        return new DefaultAlertmanagerService(clients);
      },
    }),
});
