import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import { createExplainRouter } from './createExplainRouter';
import { KnownPermissions } from './policy/KnownPermissions';
import { PolicyFile } from './policy/PolicyFile';
import { readPolicySettings } from './policy/readPolicySettings';
import { WaystonePermissionPolicy } from './WaystonePermissionPolicy';

/**
 * Waystone's permission policy, from a file.
 *
 * @public
 */
export const permissionModuleWaystone = createBackendModule({
  pluginId: 'permission',
  moduleId: 'waystone',
  register(reg) {
    reg.registerInit({
      deps: {
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        config: coreServices.rootConfig,
        discovery: coreServices.discovery,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        instance: coreServices.rootInstanceMetadata,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        policy: policyExtensionPoint,
        userInfo: coreServices.userInfo,
      },
      async init(deps) {
        const { auditor, httpAuth, lifecycle, logger, userInfo } = deps;
        const settings = readPolicySettings(deps.config);
        const file = await PolicyFile.read({ ...settings, logger });
        if (settings.added.platform.length === 0 && !hasPlatform(file)) {
          logger.warn(
            "Nobody can administer the portal: neither 'waystone.permissions.platformGroups' nor the policy names anybody of the platform team",
          );
        }
        const permissionPolicy = WaystonePermissionPolicy.create({
          policy: () => file.policy,
          userInfo,
          logger,
        });
        deps.policy.setPolicy(permissionPolicy);

        const known = new KnownPermissions(deps);
        const reportUnknown = () => {
          const unknown = known.unknown(file.policy.names);
          if (unknown.length > 0) {
            logger.warn(
              `The permission policy ${
                settings.path
              } lists permissions that no plugin has: ${unknown.join(', ')}`,
            );
          }
        };
        deps.httpRouter.use(
          createExplainRouter({
            httpAuth,
            known,
            permissionPolicy,
            policy: () => file.policy,
          }),
        );

        const stopping = new AbortController();
        const unwatch = file.watch(async () => {
          reportUnknown();
          const event = await auditor.createEvent({
            eventId: 'policy-reload',
            severityLevel: 'critical',
            meta: { path: settings.path },
          });
          await event.success();
        });
        lifecycle.addStartupHook(() => {
          known.load(stopping.signal).then(reportUnknown, error => {
            if (!stopping.signal.aborted) {
              logger.warn('The permission policy was not checked', error);
            }
          });
        });
        lifecycle.addShutdownHook(() => {
          unwatch();
          stopping.abort();
        });
      },
    });
  },
});

function hasPlatform(file: PolicyFile): boolean {
  return file.policy.roles.some(
    ({ members, name }) => name === 'platform' && members?.size !== 0,
  );
}
