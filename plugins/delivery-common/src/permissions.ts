import { createPermission } from '@backstage/plugin-permission-common';

/**
 * To see what runs where, and how it got there. Of an entity that one may not see, nothing is shown.
 *
 * @public
 */
export const deliveryServiceReadPermission = createPermission({
  name: 'delivery.service.read',
  attributes: { action: 'read' },
});

/**
 * All permissions of the plugin.
 *
 * @public
 */
export const deliveryPermissions = [deliveryServiceReadPermission];
