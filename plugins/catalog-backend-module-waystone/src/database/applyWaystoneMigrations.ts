import { resolvePackagePath } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';

/**
 * Creates Waystone's tables in the catalog's database.
 *
 * @remarks
 *
 * With a list of migrations of their own, beside the catalog's: each would take the other's for a mistake.
 */
export async function applyWaystoneMigrations(knex: Knex): Promise<void> {
  await knex.migrate.latest({
    directory: resolvePackagePath(
      '@waystone/plugin-catalog-backend-module-waystone',
      'migrations',
    ),
    tableName: 'waystone_migrations',
  });
}
