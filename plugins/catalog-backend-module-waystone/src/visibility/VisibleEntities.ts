import type {
  BackstageCredentials,
  PermissionsRegistryService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import { catalogEntityPermissionResourceRef } from '@backstage/plugin-catalog-node/alpha';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { createConditionTransformer } from '@backstage/plugin-permission-node';
import { allOf, anyOf } from '../database/SqlPart';
import { criteriaSql } from './criteriaSql';
import type { Visibility } from './Visibility';

/**
 * Asks the permission framework which entities somebody may see, as the stock catalog does, and says it in the same
 * way: a condition becomes a filter over the catalog's `search` table.
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
      return { extent: 'all', key: 'all', on: () => allOf([]) };
    }
    if (decision.result !== AuthorizeResult.CONDITIONAL) {
      return { extent: 'none', key: 'none', on: () => anyOf([]) };
    }
    // Not earlier: the catalog registers its rules after the modules have started.
    const transform = createConditionTransformer(
      this.#registry.getPermissionRuleset(catalogEntityPermissionResourceRef),
    );
    const criteria = transform(decision.conditions);
    return {
      extent: 'some',
      key: JSON.stringify(criteria),
      on: table => criteriaSql(criteria, table),
    };
  }
}
