import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { createSignInAudit } from './createSignInAudit';

/** Notes who signs in. */
export const authModuleWaystone = createBackendModule({
  pluginId: 'auth',
  moduleId: 'waystone',
  register(reg) {
    reg.registerInit({
      deps: {
        auditor: coreServices.auditor,
        config: coreServices.rootConfig,
        httpRouter: coreServices.httpRouter,
        logger: coreServices.logger,
      },
      async init({ auditor, config, httpRouter, logger }) {
        // Modules come before their plugin, so this sees what the providers answer.
        httpRouter.use(
          createSignInAudit({
            auditor,
            logger,
            baseUrl: config.getString('backend.baseUrl'),
          }),
        );
      },
    });
  },
});
