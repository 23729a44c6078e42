import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { TestDatabases } from '@backstage/backend-test-utils';
import { auditFilterSchema } from '@waystone/plugin-audit-common';
import type { AuditFilter } from '@waystone/plugin-audit-common';
import { UnstorableRecordError } from '@waystone/plugin-audit-node';
import type { Knex } from 'knex';
import { createTestDatabase, mockRecord } from '../__testUtils__/records';
import { AuditChain } from './AuditChain';
import { AuditReader } from './AuditReader';
import { AuditWriter } from './AuditWriter';

jest.setTimeout(60_000);

const DAY_MS = 24 * 3600 * 1000;
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS);

describe('the audit table', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let knex: Knex;
  let writer: AuditWriter;
  let reader: AuditReader;
  let chain: AuditChain;

  beforeEach(async () => {
    knex = await createTestDatabase(databases);
    writer = AuditWriter.create({ knex });
    reader = AuditReader.create({ knex });
    chain = AuditChain.create({ knex });
  });

  const list = async (
    filter: Record<string, string> = {},
    page: { limit: number; cursor?: string } = { limit: 50 },
  ) => reader.list(auditFilterSchema.parse(filter) as AuditFilter, page);
  const names = async (filter?: Record<string, string>) =>
    (await list(filter)).items.map(({ eventId }) => eventId);
  /** As somebody does who may do everything. */
  const asOwner = async (sql: string) => {
    await knex.raw('alter table audit_events disable trigger all');
    await knex.raw(sql);
    await knex.raw('alter table audit_events enable trigger all');
  };

  it('refuses to change or remove events', async () => {
    await writer.write([mockRecord()]);
    for (const statement of [
      "update audit_events set actor = 'user:default/eve'",
      'delete from audit_events',
      'truncate audit_events cascade',
      'delete from audit_event_entities',
      'update audit_event_entities set entity_ref = null',
      "begin; set local waystone.audit_retention = 'on'; delete from audit_events; commit",
    ]) {
      await expect(knex.raw(statement)).rejects.toThrow(/only added/);
      await knex.raw('rollback');
    }
    expect(await names()).toEqual(['request-approve']);
  });

  it('goes down and up again', async () => {
    // eslint-disable-next-line no-restricted-syntax
    const directory = join(__dirname, '../../migrations');
    await knex.migrate.rollback({ directory }, true);
    expect(await knex.schema.hasTable('audit_events')).toBe(false);
    await knex.migrate.latest({ directory });
    expect(await names()).toEqual([]);
  });

  it('stores an event once, however often it is written, by however many replicas', async () => {
    const records = Array.from({ length: 60 }, (_, index) =>
      mockRecord({ severity: index % 2 ? 'low' : 'medium' }),
    );
    await Promise.all(
      [0, 20, 40, 0, 10].map(start =>
        writer.write(records.slice(start, start + 20)),
      ),
    );
    const rows = await knex('audit_events').orderBy(['stream', 'sequence']);
    expect(
      rows.map(({ stream, sequence }) => [stream, Number(sequence)]),
    ).toEqual(
      ['changes', 'reads'].flatMap(stream =>
        Array.from({ length: 30 }, (_, index) => [stream, index + 1]),
      ),
    );
    expect(await chain.check()).toEqual([
      expect.objectContaining({ stream: 'changes', events: 30, intact: true }),
      expect.objectContaining({ stream: 'reads', events: 30, intact: true }),
    ]);
  });

  it.each([
    [
      'a changed one',
      "update audit_events set actor = 'user:default/eve' where sequence = 3",
      'Event 3 was changed',
    ],
    [
      'a changed one with a hash made up',
      "update audit_events set meta = null, hash = repeat('a', 64) where sequence = 3",
      'Event 3 was changed',
    ],
    [
      'missing ones',
      'delete from audit_events where sequence in (3, 4)',
      'Events 3 to 4 are missing',
    ],
    [
      'missing ones at the start',
      'delete from audit_events where sequence < 3',
      'Events 1 to 2 are missing',
    ],
    [
      'missing ones at the end',
      'delete from audit_events where sequence > 4',
      'Events 5 to 6 are missing',
    ],
  ])('notices %s', async (_what, sql, problem) => {
    await writer.write(Array.from({ length: 6 }, () => mockRecord()));
    expect((await chain.check())[0].intact).toBe(true);
    await asOwner(sql);
    expect((await chain.check())[0]).toMatchObject({ intact: false, problem });
    // Nor is it forgotten.
    expect((await chain.check())[0].intact).toBe(false);
    expect(await chain.checks()).toContainEqual(
      expect.objectContaining({ stream: 'changes', problem }),
    );
  });

  it('removes what is old, stream by stream, and stays whole', async () => {
    await writer.write([
      ...[400, 399, 3].map(days => mockRecord({ occurredAt: daysAgo(days) })),
      mockRecord({ occurredAt: daysAgo(40), severity: 'low' }),
    ]);
    expect(await chain.removeOlder('changes', daysAgo(395))).toEqual({
      stream: 'changes',
      removed: 2,
      upTo: 2,
    });
    expect(await chain.removeOlder('changes', daysAgo(395))).toBeUndefined();
    expect(await chain.removeOlder('reads', daysAgo(30))).toMatchObject({
      removed: 1,
    });
    await writer.write([mockRecord(), mockRecord({ severity: 'low' })]);
    expect(await chain.check()).toEqual([
      expect.objectContaining({ events: 2, intact: true }),
      expect.objectContaining({ events: 1, intact: true }),
    ]);
    const rows = await knex('audit_events').orderBy('id').pluck('sequence');
    expect(rows.map(Number)).toEqual([3, 4, 2]);
  });

  it('tells data that cannot be stored from a database that cannot store', async () => {
    await expect(
      writer.write([mockRecord({ key: 'no uuid' })]),
    ).rejects.toThrow(UnstorableRecordError);
    await knex.schema.renameTable('audit_events', 'away');
    await expect(writer.write([mockRecord()])).rejects.not.toThrow(
      UnstorableRecordError,
    );
  });

  it('shows of an action its end, and its start only as long as there is no end', async () => {
    const action = randomUUID();
    await writer.write([
      mockRecord({ action, outcome: 'initiated' }),
      mockRecord({ eventId: 'lost', outcome: 'initiated' }),
    ]);
    expect(await names()).toEqual(['lost', 'request-approve']);
    await writer.write([mockRecord({ action, occurredAt: new Date() })]);
    expect((await list()).totalItems).toBe(2);
    expect(await names({ outcome: 'initiated' })).toEqual(['lost']);
  });

  it('filters by everything, and leaves out reads unless they are asked for', async () => {
    await writer.write([
      mockRecord({
        eventId: 'a',
        actor: 'user:default/maya',
        occurredAt: daysAgo(5),
        entityRefs: ['component:default/orders'],
        meta: { name: 'Bücher-Datenbank 42' },
      }),
      mockRecord({
        eventId: 'b',
        plugin: 'catalog',
        actor: 'user:default/tom',
        outcome: 'failed',
        severity: 'high',
        occurredAt: daysAgo(4),
        error: { name: 'NotAllowedError', message: 'lacks x.y.z' },
      }),
      mockRecord({ eventId: 'c', severity: 'low', occurredAt: daysAgo(3) }),
    ]);
    expect(await names()).toEqual(['b', 'a']);
    expect(await names({ reads: 'true' })).toEqual(['c', 'b', 'a']);
    expect(await names({ severity: 'low' })).toEqual(['c']);
    expect(await names({ actor: 'MAYA' })).toEqual(['a']);
    expect(await names({ actor: 'user:default/tom' })).toEqual(['b']);
    expect(await names({ plugin: 'catalog,delivery' })).toEqual(['b']);
    expect(await names({ event: 'a' })).toEqual(['a']);
    expect(await names({ outcome: 'failed' })).toEqual(['b']);
    expect(await names({ entity: 'Component:default/orders' })).toEqual(['a']);
    expect(await names({ from: daysAgo(4.5).toISOString() })).toEqual(['b']);
    expect(await names({ to: daysAgo(4.5).toISOString() })).toEqual(['a']);
    expect(
      await names({
        entity: 'component:default/orders',
        from: daysAgo(4.5).toISOString(),
      }),
    ).toEqual([]);
    for (const q of ['bücher', 'daten 42', 'BÜCHER-DATENBANK', 'maya']) {
      expect(await names({ q })).toEqual(['a']);
    }
    expect(await names({ q: 'lacks x.y.z' })).toEqual(['b']);
    expect(await names({ q: "' | & ! :* \\ x.y" })).toEqual(['b']);
    expect(await names({ q: 'nowhere' })).toEqual([]);
  });

  it('pages without repeating or losing any while events come in', async () => {
    const at = new Date('2026-01-02T03:04:05.678Z');
    // Several of one millisecond
    await writer.write(
      Array.from({ length: 25 }, (_, index) =>
        mockRecord({
          eventId: `e${index}`,
          occurredAt: new Date(at.valueOf() + Math.floor(index / 5)),
        }),
      ),
    );
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({}, { limit: 4, cursor });
      expect(page.totalItems).toBe(cursor ? undefined : 25);
      seen.push(...page.items.map(({ eventId }) => eventId));
      cursor = page.pageInfo.nextCursor;
      await writer.write([mockRecord({ eventId: 'new' })]);
    } while (cursor);
    expect(seen).toEqual(
      Array.from({ length: 25 }, (_, index) => `e${24 - index}`),
    );
    await expect(list({}, { limit: 4, cursor: 'nonsense' })).rejects.toThrow(
      /Invalid cursor/,
    );
  });

  it('streams all that match, as far as it goes', async () => {
    await writer.write(Array.from({ length: 25 }, () => mockRecord()));
    const read = async (most: number) => {
      const sizes: number[] = [];
      const filter = auditFilterSchema.parse({});
      for await (const page of reader.stream(filter, { most, pageSize: 10 })) {
        sizes.push(page.length);
        await writer.write([mockRecord()]);
      }
      return sizes;
    };
    expect(await read(12)).toEqual([10, 2]);
    expect((await read(1000)).reduce((sum, each) => sum + each)).toBe(27);
  });

  it('tells which events there are', async () => {
    await writer.write([
      mockRecord({ plugin: 'b', eventId: 'y' }),
      mockRecord({ plugin: 'b', eventId: 'x' }),
      mockRecord({ plugin: 'a', eventId: 'z' }),
      mockRecord({ plugin: 'a', eventId: 'z' }),
    ]);
    expect((await reader.facets()).items).toEqual([
      { plugin: 'a', eventId: 'z' },
      { plugin: 'b', eventId: 'x' },
      { plugin: 'b', eventId: 'y' },
    ]);
  });
});
