import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { actionsRegistryServiceRef } from '@backstage/backend-plugin-api/alpha';
import { PluginReader } from './PluginReader';
import type { ActionDeps } from './PluginReader';

/** A module that adds read actions to a plugin. */
export function createActionsModule(options: {
  readonly pluginId: string;
  readonly register: (deps: ActionDeps) => void;
}) {
  const { pluginId, register } = options;
  return createBackendModule({
    pluginId,
    moduleId: 'waystone-actions',
    register(env) {
      env.registerInit({
        deps: {
          actions: actionsRegistryServiceRef,
          auditor: coreServices.auditor,
          auth: coreServices.auth,
          discovery: coreServices.discovery,
        },
        async init({ actions, auditor, auth, discovery }) {
          register({
            actions,
            reader: new PluginReader({ auditor, auth, discovery, pluginId }),
          });
        },
      });
    },
  });
}
