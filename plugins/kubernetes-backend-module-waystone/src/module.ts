import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { denialsServiceRef } from '@waystone/access';
import { createProxyGuard } from './createProxyGuard';
import { kubernetesProxyAnyPermission } from './permissions';

/** Lets only logs and events through the proxy to the clusters. */
export const kubernetesModuleWaystone = createBackendModule({
  pluginId: 'kubernetes',
  moduleId: 'waystone',
  register(reg) {
    reg.registerInit({
      deps: {
        auditor: coreServices.auditor,
        denials: denialsServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
      },
      async init({ denials, httpRouter, permissionsRegistry, ...services }) {
        permissionsRegistry.addPermissions([kubernetesProxyAnyPermission]);
        // Modules come before their plugin, so this is asked before the proxy.
        httpRouter.use(createProxyGuard(services));
        httpRouter.use(denials.middleware);
      },
    });
  },
});
