import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { TestDatabases } from '@backstage/backend-test-utils';
import type { AuditRecord } from '@waystone/plugin-audit-node';
import type { Knex } from 'knex';

/** An event as plugins write them. */
export function mockRecord(changes: Partial<AuditRecord> = {}): AuditRecord {
  return {
    key: randomUUID(),
    action: randomUUID(),
    occurredAt: new Date(),
    plugin: 'infrastructure',
    eventId: 'request-approve',
    severity: 'medium',
    outcome: 'succeeded',
    actor: 'user:default/maya',
    actorType: 'user',
    ip: '192.0.2.7',
    userAgent: 'tests',
    method: 'POST',
    url: '/api/infrastructure/requests/1/approve',
    requestId: 'request-1',
    entityRefs: ['group:default/orders'],
    meta: { b: 1.5, a: { d: 'ä 😀', c: null }, owner: 'group:default/orders' },
    ...changes,
  };
}

/** A database with the tables of the plugin. */
export async function createTestDatabase(
  databases: TestDatabases,
): Promise<Knex> {
  const knex = await databases.init('POSTGRES_18');
  await knex.migrate.latest({
    // Tests run from the sources.
    // eslint-disable-next-line no-restricted-syntax
    directory: join(__dirname, '../../migrations'),
  });
  return knex;
}
