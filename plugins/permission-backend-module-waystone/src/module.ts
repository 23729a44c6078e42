import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import { readRoleSettings } from './roles';
import { WaystonePermissionPolicy } from './WaystonePermissionPolicy';

/**
 * Waystone's permission policy, by roles from `waystone.permissions`.
 *
 * @public
 */
export const permissionModuleWaystone = createBackendModule({
  pluginId: 'permission',
  moduleId: 'waystone',
  register(reg) {
    reg.registerInit({
      deps: {
        config: coreServices.rootConfig,
        logger: coreServices.logger,
        policy: policyExtensionPoint,
        userInfo: coreServices.userInfo,
      },
      async init({ config, logger, policy, userInfo }) {
        const roles = readRoleSettings(config);
        if (roles.platformGroups.size === 0) {
          logger.warn(
            "Nobody can administer the portal: 'waystone.permissions.platformGroups' is empty",
          );
        }
        policy.setPolicy(
          WaystonePermissionPolicy.create({ roles, userInfo, logger }),
        );
      },
    });
  },
});
