import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { readEnvironments } from '@waystone/environments';
import { historyQuerySchema } from '@waystone/plugin-delivery-common';
import type { PastDeployment } from '@waystone/plugin-delivery-node';
import type { Knex } from 'knex';
import {
  mockDeployment,
  MockDeliverySource,
  mockService,
} from '../__testUtils__/mocks';
import { DeliveryModel } from '../model/DeliveryModel';
import { DeploymentStore } from './DeploymentStore';
import { HistoryReader } from './HistoryReader';
import { ImageFiller } from './ImageFiller';
import { HistoryRecorder } from './HistoryRecorder';

const ORDERS = 'component:default/orders';

const at = (minute: number) =>
  new Date(Date.UTC(2026, 0, 2, 3, minute)).toISOString();

const past = (
  minute: number,
  changes: Partial<PastDeployment> = {},
): PastDeployment => ({
  startedAt: at(minute),
  finishedAt: at(minute + 1),
  outcome: 'succeeded',
  revision: `c${minute}`,
  initiator: { name: 'ci', automated: false },
  ...changes,
});

describe('history of deployments', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let knex: Knex;
  let store: DeploymentStore;
  const recorders: HistoryRecorder[] = [];

  beforeEach(async () => {
    knex = await databases.init('POSTGRES_18');
    await knex.migrate.latest({
      directory: resolvePackagePath(
        '@waystone/plugin-delivery-backend',
        'migrations',
      ),
    });
    store = DeploymentStore.create({ knex });
  });

  const list = (query: Record<string, unknown> = {}) =>
    store.list(ORDERS, historyQuerySchema.parse(query));

  const start = (source: MockDeliverySource, to = store) => {
    const model = DeliveryModel.create({
      sources: [source],
      places: {
        environments: readEnvironments(
          new ConfigReader({
            waystone: {
              environments: [{ name: 'development', cluster: 'nonprod' }],
            },
          }),
        ),
        clusterAt: () => undefined,
      },
    });
    model.start();
    model.setServices([mockService('orders')]);
    const recorder = HistoryRecorder.create({
      logger: mockServices.logger.mock(),
      model,
      store: to,
    });
    recorder.start();
    recorders.push(recorder);
    return recorder;
  };
  const deployment = (...entries: PastDeployment[]) =>
    mockDeployment({
      name: 'orders',
      labels: { 'backstage.io/kubernetes-id': 'orders' },
      past: entries,
    });

  afterEach(async () => {
    await Promise.all(recorders.splice(0).map(recorder => recorder.stop()));
  });

  it('goes up and down', async () => {
    const directory = resolvePackagePath(
      '@waystone/plugin-delivery-backend',
      'migrations',
    );
    await knex.migrate.rollback({ directory }, true);
    expect(await knex.schema.hasTable('delivery_deployments')).toBe(false);
    await knex.migrate.latest({ directory });
    expect(await knex.schema.hasTable('delivery_deployments')).toBe(true);
  });

  it('keeps what the source forgets, and completes what was under way', async () => {
    const source = new MockDeliverySource();
    source.set(
      deployment(
        past(0),
        past(10, { images: ['r.example/orders:2.0.0'] }),
        past(20, { outcome: 'running', finishedAt: undefined }),
      ),
    );
    const first = start(source);
    await first.stop();
    expect((await list()).items[0]).toMatchObject({ outcome: 'running' });

    // Argo CD has forgotten the first two, and their images.
    source.set(deployment(past(20, { images: ['r.example/orders:3.0.0'] })));
    await start(source).stop();

    const { items, totalItems } = await list();
    expect(totalItems).toBe(3);
    expect(items).toEqual([
      {
        id: expect.any(String),
        source: 'argocd/main',
        deployment: 'argocd/orders',
        environment: 'development',
        name: 'orders',
        version: '3.0.0',
        images: ['r.example/orders:3.0.0'],
        revision: 'c20',
        previousRevision: 'c10',
        startedAt: at(20),
        finishedAt: at(21),
        outcome: 'succeeded',
        message: undefined,
        initiator: { name: 'ci', automated: false },
      },
      expect.objectContaining({ version: '2.0.0', previousRevision: 'c0' }),
      expect.objectContaining({ version: undefined, revision: 'c0' }),
    ]);
  });

  it('is written once by two replicas, and found once the entity is known', async () => {
    const source = new MockDeliverySource();
    source.set(deployment(past(0), past(10)));
    await Promise.all([start(source).stop(), start(source).stop()]);
    expect((await list()).totalItems).toBe(2);
    expect(await knex('delivery_deployments').count()).toEqual([
      { count: '2' },
    ]);
  });

  it('does not count a failed attempt as what was there before', async () => {
    const source = new MockDeliverySource();
    source.set(
      deployment(
        past(0),
        past(5, { outcome: 'failed', message: 'x'.repeat(5000) }),
        past(10),
      ),
    );
    await start(source).stop();
    const { items } = await list();
    expect(items.map(({ previousRevision }) => previousRevision)).toEqual([
      'c0',
      'c0',
      undefined,
    ]);
    expect(items[1].message).toHaveLength(2000);
    expect((await list({ outcome: 'failed' })).items).toHaveLength(1);
    expect((await list({ environment: 'production' })).totalItems).toBe(0);
  });

  it('pages, without losing or repeating any', async () => {
    const source = new MockDeliverySource();
    source.set(
      deployment(...Array.from({ length: 7 }, (_, index) => past(index))),
    );
    await start(source).stop();
    const seen: (string | undefined)[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ limit: '3', ...(cursor && { cursor }) });
      seen.push(...page.items.map(({ revision }) => revision));
      cursor = page.pageInfo.nextCursor;
    } while (cursor);
    expect(seen).toEqual(['c6', 'c5', 'c4', 'c3', 'c2', 'c1', 'c0']);
    await expect(list({ cursor: "'; drop table" })).rejects.toThrow(
      'not a cursor',
    );
  });

  it('names the commit of each, asks for it once, and goes without one that nobody knows', async () => {
    const source = new MockDeliverySource();
    source.commits = { c0: { author: 'Maya', message: 'Start' } };
    source.set(deployment(past(0), past(5, { revision: 'gone' })));
    await start(source).stop();
    const reader = HistoryReader.create({
      filler: ImageFiller.create({ sources: [source], store }),
      sources: [source],
      store,
    });
    const read = () =>
      reader.read(
        ORDERS,
        historyQuerySchema.parse({}),
        new AbortController().signal,
      );
    await read();
    const { items } = await read();
    expect(items.map(({ commit }) => commit)).toEqual([
      undefined,
      { author: 'Maya', message: 'Start' },
    ]);
    expect(items[0]).not.toHaveProperty('deployment');
    expect(source.asked.filter(revision => revision === 'c0')).toHaveLength(1);
  });

  it('writes later what could not be written', async () => {
    const source = new MockDeliverySource();
    source.set(deployment(past(0)));
    let broken = true;
    const failing = {
      record: (...args: Parameters<DeploymentStore['record']>) =>
        broken
          ? Promise.reject(new Error('the database is away'))
          : store.record(...args),
    } as DeploymentStore;
    const recorder = start(source, failing);
    await new Promise(resolve => {
      setTimeout(resolve, 400);
    });
    broken = false;
    await recorder.stop();
    expect((await list()).totalItems).toBe(1);
  });
});
