import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { denialsServiceRef } from '@waystone/access';
import {
  alertmanagerServiceRef,
  argoCdServiceRef,
  forgesServiceRef,
  kubernetesServiceRef,
  prometheusServiceRef,
  upstreamRegistryServiceRef,
  vaultServiceRef,
} from '@waystone/integrations';
import { platformHealthPermissions } from '@waystone/plugin-platform-health-common';
import { createRouter } from './router';
import { SandboxControl } from './SandboxControl';
import { SystemHealth } from './SystemHealth';

/**
 * Says how the systems behind the portal are doing.
 *
 * @public
 */
export const platformHealthPlugin = createBackendPlugin({
  pluginId: 'platform-health',
  register(env) {
    env.registerInit({
      deps: {
        auditor: coreServices.auditor,
        config: coreServices.rootConfig,
        denials: denialsServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        registry: upstreamRegistryServiceRef,
        // Each registers its instances when it is created, which is when somebody needs it.
        alertmanager: alertmanagerServiceRef,
        argoCd: argoCdServiceRef,
        forges: forgesServiceRef,
        kubernetes: kubernetesServiceRef,
        prometheus: prometheusServiceRef,
        vault: vaultServiceRef,
      },
      async init(deps) {
        const { config, httpRouter, permissionsRegistry, registry } = deps;
        permissionsRegistry.addPermissions(platformHealthPermissions);
        httpRouter.use(
          createRouter({
            auditor: deps.auditor,
            httpAuth: deps.httpAuth,
            permissions: deps.permissions,
            systems: SystemHealth.create({ registry }),
            sandbox: SandboxControl.fromConfig(config),
          }),
        );
        httpRouter.use(deps.denials.middleware);
      },
    });
  },
});
