import type {
  BackstageCredentials,
  PermissionsRegistryService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import { catalogEntityPermissionResourceRef } from '@backstage/plugin-catalog-node/alpha';
import type { EntitiesSearchFilter } from '@backstage/plugin-catalog-node';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { PermissionCriteria } from '@backstage/plugin-permission-common';
import { createConditionTransformer } from '@backstage/plugin-permission-node';
import type { Knex } from 'knex';

/** A condition of SQL, with what it is bound to. */
export interface SqlCondition {
  readonly sql: string;
  readonly bindings: readonly Knex.RawBinding[];
}

/**
 * Which rows with an `entity_id` somebody may see, as a condition on the table `d`, in the way in which the catalog
 * reads a conditional decision.
 *
 * @returns Undefined if none at all.
 */
export async function readableEntities(options: {
  readonly credentials: BackstageCredentials;
  readonly permissions: PermissionsService;
  readonly permissionsRegistry: PermissionsRegistryService;
}): Promise<SqlCondition | undefined> {
  const { credentials, permissions, permissionsRegistry } = options;
  const [decision] = await permissions.authorizeConditional(
    [{ permission: catalogEntityReadPermission }],
    { credentials },
  );
  if (decision.result === AuthorizeResult.ALLOW) {
    return { sql: 'true', bindings: [] };
  }
  if (decision.result !== AuthorizeResult.CONDITIONAL) {
    return undefined;
  }
  const transform = createConditionTransformer(
    permissionsRegistry.getPermissionRuleset(
      catalogEntityPermissionResourceRef,
    ),
  );
  return toSql(transform(decision.conditions));
}

function toSql(
  criteria: PermissionCriteria<EntitiesSearchFilter>,
): SqlCondition {
  if ('anyOf' in criteria) {
    return combine(criteria.anyOf.map(toSql), ' or ');
  }
  if ('allOf' in criteria) {
    return combine(criteria.allOf.map(toSql), ' and ');
  }
  if ('not' in criteria) {
    const { sql, bindings } = toSql(criteria.not);
    return { sql: `not (${sql})`, bindings };
  }
  const lower = (value: string) => value.toLocaleLowerCase('en-US');
  const exists = `exists (
    select 1 from search s where s.entity_id = d.entity_id and s.key = ?`;
  return criteria.values === undefined
    ? { sql: `${exists})`, bindings: [lower(criteria.key)] }
    : {
        sql: `${exists} and s.value = any(?))`,
        bindings: [lower(criteria.key), criteria.values.map(lower)],
      };
}

function combine(
  conditions: readonly SqlCondition[],
  operator: ' or ' | ' and ',
): SqlCondition {
  return {
    sql: `(${conditions.map(({ sql }) => `(${sql})`).join(operator)})`,
    bindings: conditions.flatMap(({ bindings }) => [...bindings]),
  };
}
