import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { UpstreamError } from '@waystone/integrations';
import type { Knex } from 'knex';
import type { DatabaseRequestStore } from '../database/DatabaseRequestStore';
import type { RequestRow } from '../database/RequestRow';
import { ForeignObjectError } from '../provisioner/Provisioner';
import type {
  DesiredResource,
  Observation,
  Provisioner,
} from '../provisioner/Provisioner';
import { createTestStore, newRow } from '../__testUtils__/createTestStore';
import { toDesiredResource } from '../provisioner/toDesiredResource';
import { RequestWorker } from './RequestWorker';
import type { RequestWorkerOptions } from './RequestWorker';

const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
const supported = databases.supports('POSTGRES_18') ? describe : describe.skip;

jest.setTimeout(60_000);

/** A cluster that takes a while for everything and counts what is done to it. */
class FakeCluster implements Provisioner {
  readonly objects = new Map<string, DesiredResource>();
  readonly applied = new Map<string, number>();
  failure?: () => Error | undefined;
  observation: Observation = { state: 'ready', drift: [] };

  async plan() {
    return { objects: [], verdicts: [] };
  }

  async apply(resource: DesiredResource) {
    await this.#answer();
    this.objects.set(resource.name, resource);
    this.applied.set(
      resource.requestId,
      (this.applied.get(resource.requestId) ?? 0) + 1,
    );
    return { changes: [] };
  }

  async observe(resource: DesiredResource): Promise<Observation> {
    await this.#answer();
    return this.objects.has(resource.name)
      ? this.observation
      : { state: 'missing', drift: [] };
  }

  async delete(resource: DesiredResource) {
    await this.#answer();
    return !this.objects.delete(resource.name);
  }

  async describe() {
    return { objects: [], observedAt: new Date().toISOString() };
  }

  async #answer() {
    await new Promise(resolve => setTimeout(resolve, 5));
    const error = this.failure?.();
    if (error) {
      throw error;
    }
  }
}

const upstreamError = (code: 'unreachable' | 'denied') =>
  new UpstreamError({
    system: 'kubernetes',
    instance: 'nonprod',
    operation: 'apply',
    code,
    reason: code === 'denied' ? 'it is forbidden' : 'it refuses connections',
  });

supported('RequestWorker', () => {
  let store: DatabaseRequestStore;
  let knex: Knex;
  let cluster: FakeCluster;
  let workers: RequestWorker[];

  const start = (options: Partial<RequestWorkerOptions> = {}) => {
    const worker = new RequestWorker({
      store,
      provisioner: cluster,
      logger: mockServices.logger.mock(),
      pollMs: 20,
      ...options,
    });
    workers.push(worker);
    worker.start();
    return worker;
  };
  const insert = async (changes: Parameters<typeof newRow>[0] = {}) =>
    (await store.insert(newRow(changes), [])).row;
  const until = async (
    id: string,
    isReached: (row: RequestRow) => boolean,
  ): Promise<RequestRow> => {
    const end = Date.now() + 30_000;
    for (;;) {
      const row = await store.find(id);
      if (row && isReached(row)) {
        return row;
      }
      if (Date.now() > end) {
        throw new Error(`Not reached: ${JSON.stringify(row)}`);
      }
      await new Promise(resolve => setTimeout(resolve, 10));
    }
  };
  const hasStatus = (status: string) => (row: RequestRow) =>
    row.status === status;
  const historyOf = async (id: string) =>
    (await store.events(id))
      .reverse()
      .map(({ type, from, to }) => (to ? `${type} ${from} ${to}` : type));

  beforeEach(async () => {
    ({ store, knex } = await createTestStore(databases));
    cluster = new FakeCluster();
    workers = [];
  });
  afterEach(async () => {
    await Promise.all(workers.map(worker => worker.stop()));
  });

  it('does 200 requests once each with two replicas', async () => {
    const names = Array.from({ length: 200 }, (_none, index) => `db-${index}`);
    start();
    start();
    await Promise.all(
      // Every other one is sent twice, as a client does that got no answer.
      names.flatMap((name, index) => {
        const send = () =>
          store.insert(newRow({ name, idempotency_key: `key-${name}` }), []);
        return index % 2 ? [send(), send()] : [send()];
      }),
    );
    const end = Date.now() + 40_000;
    for (;;) {
      const [{ count }] = await knex('requests')
        .where({ status: 'ready' })
        .count();
      if (Number(count) === 200) {
        break;
      }
      if (Date.now() > end) {
        throw new Error(`Only ${count} of 200 are ready`);
      }
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    expect([...cluster.objects.keys()].sort()).toEqual([...names].sort());
    expect([...cluster.applied.values()]).toEqual(names.map(() => 1));
    const twice = await knex('request_events')
      .where({ to_status: 'ready' })
      .groupBy('request_id')
      .havingRaw('count(*) > 1')
      .select('request_id');
    expect(twice).toEqual([]);
  });

  it('goes on where a killed worker stopped', async () => {
    const row = await insert();
    // It was applied, and the worker was killed before it could say so.
    const [claimed] = await store.claim(1, 1);
    await cluster.apply({
      requestId: claimed.id,
      name: claimed.name,
    } as DesiredResource);
    start();
    await until(row.id, hasStatus('ready'));
    expect(cluster.objects.size).toBe(1);
    expect(await historyOf(row.id)).toEqual([
      'applied',
      'status provisioning ready',
    ]);
  });

  it('waits for a cluster that does not answer, says so, and loses nothing', async () => {
    cluster.failure = () => upstreamError('unreachable');
    const row = await insert();
    start();
    const waiting = await until(row.id, ({ attempts }) => attempts > 0);
    expect(waiting).toMatchObject({
      status: 'provisioning',
      status_reason:
        "The cluster 'nonprod' does not answer: it refuses connections",
    });
    expect(waiting.work_at!.getTime()).toBeGreaterThan(Date.now());
    cluster.failure = undefined;
    await until(row.id, hasStatus('ready'));
    expect(await historyOf(row.id)).toEqual([
      'queued',
      'applied',
      'status provisioning ready',
    ]);
  });

  it('fails what cannot help by itself, with the reason', async () => {
    cluster.failure = () => upstreamError('denied');
    const denied = await insert();
    start();
    expect(await until(denied.id, hasStatus('failed'))).toMatchObject({
      status_reason: expect.stringContaining('it is forbidden'),
      work_at: null,
    });
    cluster.failure = () => new ForeignObjectError('Bucket', 'a', 'files');
    const foreign = await insert();
    expect(
      (await until(foreign.id, hasStatus('failed'))).status_reason,
    ).toContain('was not requested here');
  });

  it('calls a database ready once it accepts connections', async () => {
    cluster.observation = {
      state: 'ready',
      drift: [],
      connectionSecret: 'orders-app',
    };
    let answer: string | undefined = 'It does not accept connections yet';
    const asked: unknown[] = [];
    start({
      connection: {
        read: async ({ namespace }, secret) => ({
          at: `${namespace}/${secret}`,
        }),
        check: async (engine, values) => {
          asked.push([engine, values]);
          return answer;
        },
      },
    });
    const row = await insert({ connection_engine: 'postgresql' });
    await until(row.id, found => found.status_reason === answer);
    expect(asked[0]).toEqual([
      'postgresql',
      { at: 'ordering-development/orders-app' },
    ]);
    answer = undefined;
    const ready = await until(row.id, hasStatus('ready'));
    expect(ready.ready_at).toEqual(expect.any(Date));
  });

  it('notices drift, its end, and the end of its time', async () => {
    const row = await insert();
    start();
    const look = async () => {
      const { cluster: at, namespace, kind, name } = row;
      await store.wake({ cluster: at, namespace, kind, name });
    };
    await until(row.id, hasStatus('ready'));
    cluster.observation = {
      state: 'ready',
      drift: [{ path: 'spec.size', before: 'small', after: 'large' }],
    };
    await look();
    expect(await until(row.id, hasStatus('drifted'))).toMatchObject({
      status_reason: 'It was changed in the cluster: spec.size',
    });
    cluster.observation = { state: 'ready', drift: [] };
    await look();
    const ready = await until(row.id, hasStatus('ready'));
    await store.change(
      ready,
      { expires_at: new Date(), work_at: new Date() },
      [],
    );
    await until(row.id, hasStatus('deleted'));
    expect(cluster.objects.size).toBe(0);
  });

  it('rejects what nobody decides on in time', async () => {
    const row = await insert({ status: 'awaiting-approval' });
    const onStatus = jest.fn();
    start({ onStatus });
    await until(row.id, hasStatus('rejected'));
    expect(cluster.applied.size).toBe(0);
    expect(onStatus).toHaveBeenCalledTimes(1);
  });

  it('reminds of a decision at half of the time, once, and not because something happens', async () => {
    const days = (count: number) =>
      new Date(Date.now() - count * 24 * 60 * 60 * 1000);
    const early = await insert({
      status: 'awaiting-approval',
      status_since: days(2),
    });
    const late = await insert({
      status: 'awaiting-approval',
      status_since: days(8),
    });
    const onReminded = jest.fn();
    start({ approvalDays: 14, onReminded });
    const rests = (row: RequestRow) => row.work_at!.getTime() > Date.now();
    await until(early.id, rests);
    await until(late.id, rests);
    // As if the cluster had told of a change.
    await store.wake(late);
    await until(late.id, rests);
    expect((await store.find(early.id))!.status).toBe('awaiting-approval');
    expect((await store.find(late.id))!.status).toBe('awaiting-approval');
    expect(onReminded).toHaveBeenCalledTimes(1);
    expect(onReminded.mock.calls[0][0].id).toBe(late.id);
  });

  it('makes a last backup before it deletes, and keeps what could not be saved', async () => {
    const backups = new Map([
      [
        'fake',
        {
          list: jest.fn(),
          create: jest
            .fn()
            .mockResolvedValueOnce({ name: 'last', state: 'running' })
            .mockResolvedValueOnce({ name: 'last', state: 'completed' })
            .mockResolvedValue({ name: 'bad', state: 'failed' }),
        },
      ],
    ]);
    const expired = {
      backup_engine: 'fake',
      status: 'ready' as const,
      expires_at: new Date(0),
    };
    const saved = await insert(expired);
    cluster.objects.set(saved.name, toDesiredResource(saved));
    start({ backups });
    await until(saved.id, hasStatus('deleted'));
    expect(cluster.objects.size).toBe(0);

    const lost = await insert(expired);
    cluster.objects.set(lost.name, toDesiredResource(lost));
    const failed = await until(lost.id, hasStatus('failed'));
    expect(failed.status_reason).toMatch(/'bad' failed, so it is not deleted/);
    expect(cluster.objects.size).toBe(1);

    const kept = await insert({ ...expired, deletion_protection: true });
    cluster.objects.set(kept.name, toDesiredResource(kept));
    await until(kept.id, row => row.work_at!.getTime() > Date.now());
    expect((await store.find(kept.id))!.status).toBe('ready');
  });
});
