import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { eventsExtensionPoint } from '@backstage/plugin-events-node/alpha';
import { createSignatureValidator } from './createSignatureValidator';

const FORGES = [
  { topic: 'gitea', header: 'x-gitea-signature', prefix: '' },
  { topic: 'github', header: 'x-hub-signature-256', prefix: 'sha256=' },
] as const;

/** Takes webhooks of Git forges that are signed, as events. */
export const eventsModuleWaystone = createBackendModule({
  pluginId: 'events',
  moduleId: 'waystone',
  register(reg) {
    reg.registerInit({
      deps: {
        config: coreServices.rootConfig,
        events: eventsExtensionPoint,
      },
      async init({ config, events }) {
        for (const { topic, header, prefix } of FORGES) {
          const secret = config.getOptionalString(
            `events.modules.${topic}.webhookSecret`,
          );
          if (!secret) continue;
          events.addHttpPostIngress({
            topic,
            validator: createSignatureValidator({ secret, header, prefix }),
          });
        }
      },
    });
  },
});
