import { RESOURCE_TYPE_CATALOG_ENTITY } from '@backstage/plugin-catalog-common/alpha';
import { createPermission } from '@backstage/plugin-permission-common';

/**
 * To see and to export all that was done through the portal, with addresses and programs.
 *
 * @public
 */
export const auditEventReadPermission = createPermission({
  name: 'audit.event.read',
  attributes: { action: 'read' },
});

/**
 * To see what was done to an entity, without addresses and programs.
 *
 * @public
 */
export const auditEntityReadPermission = createPermission({
  name: 'audit.entity.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/**
 * The permissions that the audit plugin registers. {@link auditEntityReadPermission} is about entities of the catalog.
 *
 * @public
 */
export const auditPermissions = [
  auditEventReadPermission,
  auditEntityReadPermission,
];
