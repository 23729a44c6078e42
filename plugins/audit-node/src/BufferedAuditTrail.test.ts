import { mockServices } from '@backstage/backend-test-utils';
import type { AuditRecord } from './AuditRecord';
import { BufferedAuditTrail } from './BufferedAuditTrail';
import { UnstorableRecordError } from './UnstorableRecordError';

const record = (
  key: string,
  severity: AuditRecord['severity'] = 'medium',
): AuditRecord => ({
  key,
  action: key,
  occurredAt: new Date('2026-01-02T03:04:05Z'),
  plugin: 'catalog',
  eventId: 'entity-mutate',
  severity,
  outcome: 'succeeded',
  actorType: 'unknown',
  entityRefs: [],
});

class TestSink {
  readonly stored: AuditRecord[] = [];
  failure: Error | undefined;
  /** What cannot be stored, ever. */
  poison = '';

  async write(records: readonly AuditRecord[]) {
    if (this.failure) {
      throw this.failure;
    }
    if (records.some(({ key }) => key === this.poison)) {
      throw new UnstorableRecordError('poison');
    }
    this.stored.push(...records);
  }

  get keys() {
    return this.stored.map(({ key }) => key);
  }
}

describe('BufferedAuditTrail', () => {
  const logger = mockServices.rootLogger.mock();
  const flush = { timeoutMs: 5_000 };

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['performance'] });
    jest.clearAllMocks();
  });
  afterEach(() => jest.useRealTimers());

  it('should keep what comes before there is a place for it', async () => {
    const trail = BufferedAuditTrail.create({ logger });
    const sink = new TestSink();
    trail.record(record('a'));
    expect(trail.status.waiting).toBe(1);
    trail.connect(sink);
    await jest.advanceTimersByTimeAsync(1);
    expect(sink.keys).toEqual(['a']);
    expect(trail.status).toEqual({ waiting: 0, notStored: 0 });
  });

  it('should try again until it is stored, and say so once', async () => {
    const trail = BufferedAuditTrail.create({ logger });
    const sink = new TestSink();
    sink.failure = new Error('no connection');
    trail.connect(sink);
    trail.record(record('a'));
    await jest.advanceTimersByTimeAsync(60_000);
    trail.record(record('b'));
    expect(trail.status).toMatchObject({
      waiting: 2,
      failingSince: expect.any(Date),
    });
    expect(logger.error).toHaveBeenCalledTimes(1);
    sink.failure = undefined;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(sink.keys).toEqual(['a', 'b']);
    expect(trail.status.failingSince).toBeUndefined();
  });

  it('should give up reads before changes, and leave a record of how many', async () => {
    const trail = BufferedAuditTrail.create({ logger, mostWaiting: 3 });
    const sink = new TestSink();
    for (const key of ['a', 'b', 'c']) {
      trail.record(record(key));
      trail.record(record(`read-${key}`, 'low'));
    }
    trail.record(record('d'));
    expect(trail.status).toEqual({ waiting: 3, notStored: 4 });
    trail.connect(sink);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(sink.keys.slice(0, 3)).toEqual(['b', 'c', 'd']);
    expect(sink.stored[3]).toMatchObject({
      eventId: 'events-not-stored',
      meta: { count: 4, since: '2026-01-02T03:04:05.000Z' },
    });
  });

  it('should not let one that cannot be stored hold up the others', async () => {
    const trail = BufferedAuditTrail.create({ logger });
    const sink = new TestSink();
    sink.poison = 'c';
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      trail.record(record(key));
    }
    trail.connect(sink);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(sink.keys).toEqual(expect.arrayContaining(['a', 'b', 'd', 'e']));
    expect(sink.keys).not.toContain('c');
    expect(trail.status).toMatchObject({ waiting: 0, notStored: 1 });
  });

  it('should store what waits when the backend stops', async () => {
    const trail = BufferedAuditTrail.create({ logger });
    const sink = new TestSink();
    trail.connect(sink);
    for (let index = 0; index < 1200; index++) {
      trail.record(record(String(index)));
    }
    await trail.flush(flush);
    expect(sink.stored).toHaveLength(1200);
  });

  it('should not hold up the stop when nothing can be stored', async () => {
    const trail = BufferedAuditTrail.create({ logger });
    trail.connect({ write: () => new Promise(() => {}) });
    trail.record(record('a'));
    const stopped = trail.flush(flush);
    await jest.advanceTimersByTimeAsync(5_001);
    await stopped;
    expect(trail.status.waiting).toBe(1);
  });
});
