import { createPermission } from '@backstage/plugin-permission-common';

/**
 * To see how the systems behind the portal are doing, with their addresses and last errors.
 *
 * @public
 */
export const platformHealthReadPermission = createPermission({
  name: 'platform-health.system.read',
  attributes: { action: 'read' },
});

/**
 * To start and undo stories and faults of the sandbox.
 *
 * @public
 */
export const platformHealthSandboxChangePermission = createPermission({
  name: 'platform-health.sandbox.change',
  attributes: { action: 'update' },
});

/**
 * All permissions of the plugin.
 *
 * @public
 */
export const platformHealthPermissions = [
  platformHealthReadPermission,
  platformHealthSandboxChangePermission,
];
