import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { REQUEST_TOPIC } from '@waystone/plugin-infrastructure-common';
import { InfrastructureEntityProvider } from './InfrastructureEntityProvider';
import { RequestReader } from './RequestReader';

/** Makes Resources of the catalog of what was made by infrastructure on request. */
export const catalogModuleInfrastructure = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'infrastructure',
  register(reg) {
    reg.registerInit({
      deps: {
        auth: coreServices.auth,
        discovery: coreServices.discovery,
        events: eventsServiceRef,
        logger: coreServices.logger,
        processing: catalogProcessingExtensionPoint,
        scheduler: coreServices.scheduler,
      },
      async init({ auth, discovery, events, logger, processing, scheduler }) {
        const provider = new InfrastructureEntityProvider({
          logger,
          reader: new RequestReader({ auth, discovery }),
        });
        processing.addEntityProvider(provider);
        await events.subscribe({
          // One for all replicas: each event reaches the catalog once.
          id: 'catalog-infrastructure',
          topics: [REQUEST_TOPIC],
          onEvent: ({ eventPayload }) => provider.onEvent(eventPayload),
        });
        // For events that were lost, and for the first start.
        await scheduler.scheduleTask({
          id: 'infrastructure-resources',
          frequency: { minutes: 5 },
          timeout: { minutes: 2 },
          initialDelay: { seconds: 20 },
          fn: signal => provider.refresh(signal),
        });
      },
    });
  },
});
