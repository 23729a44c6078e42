import type {
  BackstageCredentials,
  PermissionsRegistryService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import type { EntitiesSearchFilter } from '@backstage/plugin-catalog-node';
import { catalogEntityPermissionResourceRef } from '@backstage/plugin-catalog-node/alpha';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { PermissionCriteria } from '@backstage/plugin-permission-common';
import { createConditionTransformer } from '@backstage/plugin-permission-node';
import { allOf, anyOf, sqlPart } from './SqlPart';
import type { SqlPart } from './SqlPart';

/** Which entities somebody may see, as a condition on rows that are called `l`. */
export interface Visibility {
  readonly where: SqlPart;
  /** The same for people who may see the same. */
  readonly key: string;
}

/**
 * Asks the permission framework as the stock catalog does, and says it in the same way: a condition becomes a filter
 * over the catalog's `search` table.
 */
export class VisibleEntities {
  readonly #permissions: PermissionsService;
  readonly #registry: PermissionsRegistryService;

  constructor(options: {
    readonly permissions: PermissionsService;
    readonly permissionsRegistry: PermissionsRegistryService;
  }) {
    this.#permissions = options.permissions;
    this.#registry = options.permissionsRegistry;
  }

  async to(credentials: BackstageCredentials): Promise<Visibility> {
    const [decision] = await this.#permissions.authorizeConditional(
      [{ permission: catalogEntityReadPermission }],
      { credentials },
    );
    if (decision.result === AuthorizeResult.ALLOW) {
      return { where: allOf([]), key: 'all' };
    }
    if (decision.result !== AuthorizeResult.CONDITIONAL) {
      return { where: anyOf([]), key: 'none' };
    }
    // Not earlier: the catalog registers its rules after the modules have started.
    const transform = createConditionTransformer(
      this.#registry.getPermissionRuleset(catalogEntityPermissionResourceRef),
    );
    const criteria = transform(decision.conditions);
    return {
      where: criteriaSql(criteria),
      key: JSON.stringify(criteria),
    };
  }
}

function criteriaSql(
  criteria: PermissionCriteria<EntitiesSearchFilter>,
): SqlPart {
  if ('not' in criteria) {
    const { bindings, sql } = criteriaSql(criteria.not);
    return { sql: `(not ${sql})`, bindings };
  }
  if ('anyOf' in criteria) {
    return anyOf(criteria.anyOf.map(criteriaSql));
  }
  if ('allOf' in criteria) {
    return allOf(criteria.allOf.map(criteriaSql));
  }
  const key = criteria.key.toLocaleLowerCase('en-US');
  const values = criteria.values?.map(value =>
    value.toLocaleLowerCase('en-US'),
  );
  return values
    ? sqlPart(
        'exists (select 1 from search s where s.entity_id = l.entity_id and s.key = ? and s.value = any(?::text[]))',
        key,
        values,
      )
    : sqlPart(
        'exists (select 1 from search s where s.entity_id = l.entity_id and s.key = ?)',
        key,
      );
}
