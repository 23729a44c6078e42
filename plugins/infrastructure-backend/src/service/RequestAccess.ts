import type {
  BackstageCredentials,
  PermissionsService,
  PermissionsRegistryService,
} from '@backstage/backend-plugin-api';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type {
  PermissionCriteria,
  PolicyDecision,
  ResourcePermission,
} from '@backstage/plugin-permission-common';
import {
  createConditionAuthorizer,
  createConditionTransformer,
} from '@backstage/plugin-permission-node';
import type { Knex } from 'knex';
import type { RequestCondition } from '../database/requestQueries';
import { infrastructureRequestResourceRef } from '../rules';
import type { RuledRequest } from '../rules';

/** Decides who may do what with which request. */
export class RequestAccess {
  readonly #permissions: PermissionsService;
  readonly #isAllowed: (
    decision: PolicyDecision,
    request: RuledRequest | undefined,
  ) => boolean;
  readonly #toCriteria: (
    conditions: Parameters<
      ReturnType<typeof createConditionTransformer<RequestCondition>>
    >[0],
  ) => PermissionCriteria<RequestCondition>;

  constructor(options: {
    readonly permissions: PermissionsService;
    readonly registry: PermissionsRegistryService;
  }) {
    const rules = options.registry.getPermissionRuleset(
      infrastructureRequestResourceRef,
    );
    this.#permissions = options.permissions;
    this.#isAllowed = createConditionAuthorizer(rules);
    this.#toCriteria = createConditionTransformer(rules);
  }

  /** For each of several permissions, whether it is given for a request. */
  async may(
    credentials: BackstageCredentials,
    permissions: readonly ResourcePermission[],
    request: RuledRequest,
  ): Promise<boolean[]> {
    const decisions = await this.#permissions.authorizeConditional(
      permissions.map(permission => ({ permission })),
      { credentials },
    );
    return decisions.map(decision => this.#isAllowed(decision, request));
  }

  /** The condition on what somebody may see; undefined if it is everything, null if it is nothing. */
  async visible(
    credentials: BackstageCredentials,
    permission: ResourcePermission,
  ): Promise<RequestCondition | undefined | null> {
    const [decision] = await this.#permissions.authorizeConditional(
      [{ permission }],
      { credentials },
    );
    if (decision.result === AuthorizeResult.ALLOW) {
      return undefined;
    }
    return decision.result === AuthorizeResult.CONDITIONAL
      ? toCondition(this.#toCriteria(decision.conditions))
      : null;
  }
}

function toCondition(
  criteria: PermissionCriteria<RequestCondition>,
): RequestCondition {
  if (typeof criteria === 'function') {
    return criteria;
  }
  if ('allOf' in criteria) {
    const parts = criteria.allOf.map(toCondition);
    return query => parts.forEach(part => query.andWhere(part as Callback));
  }
  if ('anyOf' in criteria) {
    const parts = criteria.anyOf.map(toCondition);
    return query => parts.forEach(part => query.orWhere(part as Callback));
  }
  const part = toCondition(criteria.not);
  return query => {
    query.whereNot(part as Callback);
  };
}

type Callback = Knex.QueryCallback;
