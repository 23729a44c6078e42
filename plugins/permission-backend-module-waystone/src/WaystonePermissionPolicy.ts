import type {
  LoggerService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import {
  catalogConditions,
  createCatalogConditionalDecision,
} from '@backstage/plugin-catalog-backend/alpha';
import { RESOURCE_TYPE_CATALOG_ENTITY } from '@backstage/plugin-catalog-common/alpha';
import {
  AuthorizeResult,
  isResourcePermission,
  type Permission,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import type {
  PermissionPolicy,
  PolicyQuery,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';
import { type RoleSettings, roleOf } from './roles';
import { verdictFor } from './rules';

const ALLOW = { result: AuthorizeResult.ALLOW } as const;
const DENY = { result: AuthorizeResult.DENY } as const;

/** The scaffolder's resource type; named here to do without its backend. */
const RESOURCE_TYPE_SCAFFOLDER_TASK = 'scaffolder-task';
/** Likewise; a policy knows the pillars by their permissions only. */
const RESOURCE_TYPE_INFRASTRUCTURE_REQUEST = 'infrastructure-request';

/**
 * Permissions by role: platform engineers, auditors and everybody else.
 *
 * @remarks
 *
 * Denies whenever it cannot tell who is asking. Calls among plugins on their own
 * behalf never get here, the framework allows them.
 *
 * @public
 */
export class WaystonePermissionPolicy implements PermissionPolicy {
  readonly #roles: RoleSettings;
  readonly #userInfo: UserInfoService;
  readonly #logger: LoggerService;

  static create(options: {
    roles: RoleSettings;
    userInfo: UserInfoService;
    logger: LoggerService;
  }): WaystonePermissionPolicy {
    return new WaystonePermissionPolicy(options);
  }

  private constructor(options: {
    roles: RoleSettings;
    userInfo: UserInfoService;
    logger: LoggerService;
  }) {
    this.#roles = options.roles;
    this.#userInfo = options.userInfo;
    this.#logger = options.logger;
  }

  async handle(
    { permission }: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    const identity = await this.#identify(user);
    if (!identity) {
      return DENY;
    }
    const role = roleOf(this.#roles, identity.ownershipEntityRefs);
    switch (verdictFor(role, permission)) {
      case 'allow':
        return ALLOW;
      case 'if-owner':
        return ifOwner(permission, identity.ownershipEntityRefs);
      case 'if-own-task':
        return ifOwnTask(permission, identity.userEntityRef);
      case 'if-own-infrastructure':
        return ifInfrastructure(
          permission,
          'IS_OWNER',
          identity.ownershipEntityRefs,
        );
      case 'if-approver':
        return ifInfrastructure(permission, 'IS_APPROVER', [
          ...new Set([identity.userEntityRef, ...identity.ownershipEntityRefs]),
        ]);
      default:
        return DENY;
    }
  }

  async #identify(user: PolicyQueryUser | undefined) {
    if (!user) {
      return undefined;
    }
    try {
      const info = await this.#userInfo.getUserInfo(user.credentials);
      return info.userEntityRef && info.ownershipEntityRefs.length > 0
        ? info
        : undefined;
    } catch (error) {
      this.#logger.warn(
        'Denied a permission because the user could not be looked up',
        error as Error,
      );
      return undefined;
    }
  }
}

function ifOwner(permission: Permission, claims: string[]): PolicyDecision {
  return isResourcePermission(permission, RESOURCE_TYPE_CATALOG_ENTITY)
    ? createCatalogConditionalDecision(
        permission,
        catalogConditions.isEntityOwner({ claims }),
      )
    : DENY;
}

function ifOwnTask(
  permission: Permission,
  userEntityRef: string,
): PolicyDecision {
  return isResourcePermission(permission, RESOURCE_TYPE_SCAFFOLDER_TASK)
    ? {
        result: AuthorizeResult.CONDITIONAL,
        pluginId: 'scaffolder',
        resourceType: RESOURCE_TYPE_SCAFFOLDER_TASK,
        conditions: {
          rule: 'IS_TASK_OWNER',
          resourceType: RESOURCE_TYPE_SCAFFOLDER_TASK,
          params: { createdBy: [userEntityRef] },
        },
      }
    : DENY;
}

function ifInfrastructure(
  permission: Permission,
  rule: 'IS_OWNER' | 'IS_APPROVER',
  claims: string[],
): PolicyDecision {
  return isResourcePermission(permission, RESOURCE_TYPE_INFRASTRUCTURE_REQUEST)
    ? {
        result: AuthorizeResult.CONDITIONAL,
        pluginId: 'infrastructure',
        resourceType: RESOURCE_TYPE_INFRASTRUCTURE_REQUEST,
        conditions: {
          rule,
          resourceType: RESOURCE_TYPE_INFRASTRUCTURE_REQUEST,
          params: { claims },
        },
      }
    : DENY;
}
