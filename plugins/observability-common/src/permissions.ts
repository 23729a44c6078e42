import { createPermission } from '@backstage/plugin-permission-common';

/**
 * To see whether services are healthy, their metrics, objectives and alerts. Of an entity that one may not see, nothing
 * is shown.
 *
 * @public
 */
export const observabilityServiceReadPermission = createPermission({
  name: 'observability.service.read',
  attributes: { action: 'read' },
});

/**
 * All permissions of the plugin.
 *
 * @public
 */
export const observabilityPermissions = [observabilityServiceReadPermission];
