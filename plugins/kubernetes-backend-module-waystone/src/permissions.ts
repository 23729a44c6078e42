import { createPermission } from '@backstage/plugin-permission-common';

/**
 * To send any request to a cluster with the portal's identity.
 *
 * @public
 */
export const kubernetesProxyAnyPermission = createPermission({
  name: 'kubernetes.proxy.any',
  attributes: { action: 'update' },
});
