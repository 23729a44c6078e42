import {
  catalogConditions,
  createCatalogConditionalDecision,
} from '@backstage/plugin-catalog-backend/alpha';
import { RESOURCE_TYPE_CATALOG_ENTITY } from '@backstage/plugin-catalog-common/alpha';
import {
  AuthorizeResult,
  isResourcePermission,
} from '@backstage/plugin-permission-common';
import type {
  ConditionalPolicyDecision,
  Permission,
  PermissionCondition,
  PermissionCriteria,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import type { Clause } from './policy/policyDocument';

const ALLOW = { result: AuthorizeResult.ALLOW } as const;
const DENY = { result: AuthorizeResult.DENY } as const;

/** The scaffolder's resource type; named here to do without its backend. */
const RESOURCE_TYPE_SCAFFOLDER_TASK = 'scaffolder-task';
/** Likewise; a policy knows the pillars by their permissions only. */
const RESOURCE_TYPE_INFRASTRUCTURE_REQUEST = 'infrastructure-request';

/** Who asks, as far as conditions need to know. */
export interface Asker {
  readonly userEntityRef: string;
  readonly ownershipEntityRefs: readonly string[];
}

type Conditions = PermissionCriteria<PermissionCondition>;

/** What the clauses of a role mean for a permission: one that holds is enough. */
export function decide(
  permission: Permission,
  clauses: readonly Clause[],
  asker: Asker,
): PolicyDecision {
  const decisions = clauses.map(clause =>
    decideClause(permission, clause, asker),
  );
  if (decisions.some(({ result }) => result === AuthorizeResult.ALLOW)) {
    return ALLOW;
  }
  const conditional = decisions.filter(
    (decision): decision is ConditionalPolicyDecision =>
      decision.result === AuthorizeResult.CONDITIONAL,
  );
  const [first, ...rest] = conditional;
  if (!first || rest.length === 0) {
    return first ?? DENY;
  }
  return {
    ...first,
    conditions: {
      // All are about the resources of this permission.
      anyOf: [first.conditions, ...rest.map(each => each.conditions)] as [
        Conditions,
        ...Conditions[],
      ],
    },
  };
}

function decideClause(
  permission: Permission,
  { environments, verdict }: Clause,
  asker: Asker,
): PolicyDecision {
  const decision = decideVerdict(permission, verdict, asker);
  if (!environments || decision.result === AuthorizeResult.DENY) {
    return decision;
  }
  if (!isResourcePermission(permission, RESOURCE_TYPE_INFRASTRUCTURE_REQUEST)) {
    // Nothing else has an environment that can be asked for.
    return DENY;
  }
  const within = infrastructureRule('IN_ENVIRONMENT', {
    environments: [...environments],
  });
  return decision.result === AuthorizeResult.CONDITIONAL
    ? {
        ...within,
        conditions: { allOf: [decision.conditions, within.conditions] },
      }
    : within;
}

function decideVerdict(
  permission: Permission,
  verdict: Clause['verdict'],
  { ownershipEntityRefs, userEntityRef }: Asker,
): PolicyDecision {
  switch (verdict) {
    case 'allow':
      return ALLOW;
    case 'if-owner':
      return isResourcePermission(permission, RESOURCE_TYPE_CATALOG_ENTITY)
        ? createCatalogConditionalDecision(
            permission,
            catalogConditions.isEntityOwner({
              claims: [...ownershipEntityRefs],
            }),
          )
        : DENY;
    case 'if-own-task':
      return ifOwnTask(permission, userEntityRef);
    case 'if-own-infrastructure':
      return ifInfrastructure(permission, 'IS_OWNER', ownershipEntityRefs);
    case 'if-approver':
      return ifInfrastructure(permission, 'IS_APPROVER', [
        ...new Set([userEntityRef, ...ownershipEntityRefs]),
      ]);
    default:
      return DENY;
  }
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
  claims: readonly string[],
): PolicyDecision {
  return isResourcePermission(permission, RESOURCE_TYPE_INFRASTRUCTURE_REQUEST)
    ? infrastructureRule(rule, { claims: [...claims] })
    : DENY;
}

function infrastructureRule(
  rule: string,
  params: Record<string, string[]>,
): ConditionalPolicyDecision {
  return {
    result: AuthorizeResult.CONDITIONAL,
    pluginId: 'infrastructure',
    resourceType: RESOURCE_TYPE_INFRASTRUCTURE_REQUEST,
    conditions: {
      rule,
      resourceType: RESOURCE_TYPE_INFRASTRUCTURE_REQUEST,
      params,
    },
  };
}
