import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { TestDatabases } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { DatabaseRequestStore } from '../database/DatabaseRequestStore';
import type { NewRequestRow } from '../database/RequestRow';

/** A store on a database of its own. */
export async function createTestStore(
  databases: TestDatabases,
): Promise<{ readonly store: DatabaseRequestStore; readonly knex: Knex }> {
  const knex = await databases.init('POSTGRES_18');
  const store = await DatabaseRequestStore.create({
    knex,
    // Tests run from the sources.
    // eslint-disable-next-line no-restricted-syntax
    migrations: join(__dirname, '../../migrations'),
  });
  return { knex, store };
}

/** A request for a database, as it is accepted. */
export function newRow(changes: Partial<NewRequestRow> = {}): NewRequestRow {
  const now = new Date();
  return {
    id: randomUUID(),
    requester: 'user:default/maya',
    idempotency_key: randomUUID(),
    body_hash: 'a'.repeat(64),
    offering: 'postgresqlinstances.platform.waystone.dev',
    offering_title: 'PostgreSQL',
    api_version: 'platform.waystone.dev/v1alpha1',
    kind: 'PostgreSQLInstance',
    name: `db-${randomUUID().slice(0, 8)}`,
    environment: 'development',
    cluster: 'nonprod',
    namespace: 'ordering-development',
    system: 'ordering',
    owner: 'group:default/orders',
    component: null,
    cost_center: 'cc-orders',
    connection_engine: null,
    parameters: { size: 'small' },
    reason: null,
    deletion_protection: false,
    status: 'provisioning',
    status_since: now,
    status_reason: null,
    approvers: [],
    monthly_cost: 18,
    currency: 'EUR',
    created_at: now,
    expires_at: null,
    work_at: now,
    entity_name: null,
    backup_engine: null,
    adopted_uid: null,
    ...changes,
  };
}
