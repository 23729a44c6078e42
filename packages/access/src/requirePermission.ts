import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type {
  BasicPermission,
  ResourcePermission,
} from '@backstage/plugin-permission-common';
import { PermissionDeniedError } from './PermissionDeniedError';

/**
 * Goes on only for who has a permission.
 *
 * @param required - a permission; one about a resource with the ref of it
 *
 * @throws PermissionDeniedError
 *
 * @public
 */
export async function requirePermission(
  permissions: PermissionsService,
  required:
    | BasicPermission
    | {
        readonly permission: ResourcePermission;
        readonly resourceRef: string;
      },
  credentials: BackstageCredentials,
): Promise<void> {
  const asked = 'resourceRef' in required ? required : { permission: required };
  const [{ result }] = await permissions.authorize([asked], { credentials });
  if (result !== AuthorizeResult.ALLOW) {
    throw new PermissionDeniedError(asked.permission, {
      ...('resourceRef' in asked && { resource: asked.resourceRef }),
    });
  }
}
