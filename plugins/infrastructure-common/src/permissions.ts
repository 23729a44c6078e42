import { createPermission } from '@backstage/plugin-permission-common';

/** The type of resource that the permissions of requests are about. @public */
export const RESOURCE_TYPE_INFRASTRUCTURE_REQUEST = 'infrastructure-request';

const resourceType = RESOURCE_TYPE_INFRASTRUCTURE_REQUEST;

/** To see what can be requested. @public */
export const infrastructureOfferingReadPermission = createPermission({
  name: 'infrastructure.offering.read',
  attributes: { action: 'read' },
});

/** To request something for a team. @public */
export const infrastructureRequestCreatePermission = createPermission({
  name: 'infrastructure.request.create',
  attributes: { action: 'create' },
  resourceType,
});

/** To see a request: never its secret. @public */
export const infrastructureRequestReadPermission = createPermission({
  name: 'infrastructure.request.read',
  attributes: { action: 'read' },
  resourceType,
});

/** To resize, extend, retry. @public */
export const infrastructureRequestUpdatePermission = createPermission({
  name: 'infrastructure.request.update',
  attributes: { action: 'update' },
  resourceType,
});

/** To approve or reject what somebody else requested. @public */
export const infrastructureRequestApprovePermission = createPermission({
  name: 'infrastructure.request.approve',
  attributes: { action: 'update' },
  resourceType,
});

/** To see where the secret is and to read its values. Not a read: whoever may see everything may not see this. @public */
export const infrastructureRequestRevealPermission = createPermission({
  name: 'infrastructure.request.reveal',
  attributes: {},
  resourceType,
});

/** To delete a resource with its data. @public */
export const infrastructureRequestDeletePermission = createPermission({
  name: 'infrastructure.request.delete',
  attributes: { action: 'delete' },
  resourceType,
});

/** The permissions of requests. @public */
export const infrastructureRequestPermissions = [
  infrastructureRequestCreatePermission,
  infrastructureRequestReadPermission,
  infrastructureRequestUpdatePermission,
  infrastructureRequestApprovePermission,
  infrastructureRequestRevealPermission,
  infrastructureRequestDeletePermission,
];

/** All permissions of the plugin. @public */
export const infrastructurePermissions = [
  infrastructureOfferingReadPermission,
  ...infrastructureRequestPermissions,
];
