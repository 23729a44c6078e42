import { RESOURCE_TYPE_CATALOG_ENTITY } from '@backstage/plugin-catalog-common/alpha';
import { createPermission } from '@backstage/plugin-permission-common';

/**
 * To see violations, vulnerabilities, policies and scorecards. Of an entity that one may not see, nothing is shown.
 *
 * @public
 */
export const governanceFindingReadPermission = createPermission({
  name: 'governance.finding.read',
  attributes: { action: 'read' },
});

/**
 * To see which secrets an entity has and how old they are, never their values. Not a read: whoever may see everything
 * may not see this.
 *
 * @public
 */
export const governanceSecretReadPermission = createPermission({
  name: 'governance.secret.read',
  attributes: {},
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/** To ask a cluster what its policies say of manifests. @public */
export const governanceManifestCheckPermission = createPermission({
  name: 'governance.manifest.check',
  attributes: { action: 'read' },
});

/**
 * All permissions of the plugin.
 *
 * @public
 */
export const governancePermissions = [
  governanceFindingReadPermission,
  governanceSecretReadPermission,
  governanceManifestCheckPermission,
];
