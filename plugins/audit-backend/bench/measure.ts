import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { auditFilterSchema } from '@waystone/plugin-audit-common';
import type { AuditRecord } from '@waystone/plugin-audit-node';
import createKnex from 'knex';
import type { Knex } from 'knex';
import { AuditChain } from '../src/database/AuditChain';
import { AuditReader } from '../src/database/AuditReader';
import { AuditWriter } from '../src/database/AuditWriter';

/*
 * How long the pages of the audit take. From the root of the repository, with a PostgreSQL database of its own, which
 * is filled and kept:
 *
 *   npm run bench -- audit --database postgresql://… [--events 1000000]
 */
const { values: options } = parseArgs({
  options: {
    database: { type: 'string' },
    events: { type: 'string', default: '1000000' },
  },
});

const DAY_MS = 24 * 3600 * 1000;
const ROUNDS = 40;
const BATCH = 500;

const kinds: [string, string, AuditRecord['severity']][] = [
  ['catalog', 'entity-fetch', 'low'],
  ['catalog', 'entity-facets', 'low'],
  ['catalog', 'entity-mutate', 'medium'],
  ['scaffolder', 'task', 'medium'],
  ['infrastructure', 'request-create', 'medium'],
  ['infrastructure', 'request-approve', 'medium'],
  ['infrastructure', 'connection-reveal', 'high'],
  ['techdocs', 'docs-confirm', 'low'],
];

function mockRecord(index: number, total: number): AuditRecord {
  // Skewed, as people and services are: a few are in most of the events.
  const skewed = (most: number) => Math.floor(Math.random() ** 3 * most);
  const [plugin, eventId, severity] = kinds[skewed(kinds.length)];
  const entity = `component:default/service-${skewed(2000)}`;
  const failed = Math.random() < 0.03;
  return {
    key: randomUUID(),
    action: randomUUID(),
    occurredAt: new Date(Date.now() - (1 - index / total) * 300 * DAY_MS),
    plugin,
    eventId,
    severity,
    outcome: failed ? 'failed' : 'succeeded',
    actor: `user:default/person-${skewed(1000)}`,
    actorType: 'user',
    ip: '192.0.2.7',
    userAgent: 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36',
    method: 'POST',
    url: `/api/${plugin}/${eventId}`,
    requestId: randomUUID(),
    entityRefs: [entity, `group:default/team-${skewed(100)}`],
    meta: { entityRef: entity, request: randomUUID(), version: `1.${index}` },
    ...(failed && { error: { name: 'NotAllowedError', message: 'refused' } }),
  };
}

async function seed(knex: Knex, total: number): Promise<void> {
  const writer = AuditWriter.create({ knex });
  const startedAt = performance.now();
  const [{ count }] = await knex('audit_events').count({ count: '*' });
  for (let index = Number(count); index < total; index += BATCH) {
    await writer.write(
      Array.from({ length: BATCH }, (_, each) =>
        mockRecord(index + each, total),
      ),
    );
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const written = total - Number(count);
  print(
    `${written} events written in ${seconds.toFixed(0)} s: ${Math.round(
      written / seconds,
    )} a second`,
  );
  await knex.raw('analyze');
}

async function measure(name: string, run: () => Promise<unknown>) {
  await run();
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = performance.now();
    await run();
    times.push(performance.now() - startedAt);
  }
  times.sort((a, b) => a - b);
  print(
    `${name.padEnd(44)} p50 ${times[ROUNDS / 2].toFixed(1)} ms, p95 ${times[
      Math.floor(ROUNDS * 0.95)
    ].toFixed(1)} ms`,
  );
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function main() {
  if (!options.database) {
    throw new Error('Give an empty database with --database');
  }
  const knex = createKnex({
    client: 'pg',
    connection: options.database,
    pool: { min: 0, max: 2 },
  });
  try {
    await knex.migrate.latest({
      // eslint-disable-next-line no-restricted-syntax
      directory: join(__dirname, '../migrations'),
    });
    await seed(knex, Number(options.events));
    const reader = AuditReader.create({ knex });
    const filters: [string, Record<string, string>][] = [
      ['first page, changes', {}],
      ['first page, with reads', { reads: 'true' }],
      ['of one person', { actor: 'person-700' }],
      ['of the busiest person', { actor: 'person-0' }],
      [
        'one kind of event',
        { plugin: 'infrastructure', event: 'request-approve' },
      ],
      ['refused ones', { outcome: 'failed' }],
      ['not finished', { outcome: 'initiated' }],
      ['of one entity', { entity: 'component:default/service-1500' }],
      ['of the busiest entity', { entity: 'component:default/service-0' }],
      ['of one person, refused', { actor: 'person-0', outcome: 'failed' }],
      ['found by a rare word', { q: 'service-1999' }],
      ['found by a common word', { q: 'service' }],
      ['found by nothing', { q: 'nowhere' }],
      [
        'a week half a year ago',
        {
          from: new Date(Date.now() - 180 * DAY_MS).toISOString(),
          to: new Date(Date.now() - 173 * DAY_MS).toISOString(),
        },
      ],
    ];
    for (const [name, filter] of filters) {
      const parsed = auditFilterSchema.parse(filter);
      await measure(name, () => reader.list(parsed, { limit: 50 }));
    }
    let cursor: string | undefined;
    await measure('the next page, each after the other', async () => {
      const page = await reader.list(auditFilterSchema.parse({}), {
        limit: 50,
        cursor,
      });
      cursor = page.pageInfo.nextCursor;
    });
    await measure('which events there are', () => reader.facets());
    const startedAt = performance.now();
    const checks = await AuditChain.create({ knex }).check();
    print(
      `chains of ${checks
        .map(({ events }) => events)
        .join(' + ')} events checked in ${(
        (performance.now() - startedAt) /
        1000
      ).toFixed(1)} s`,
    );
  } finally {
    await knex.destroy();
  }
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
