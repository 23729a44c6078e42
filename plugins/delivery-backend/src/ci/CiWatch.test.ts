import { UpstreamError } from '@waystone/integrations';
import type { CiRun } from '@waystone/plugin-delivery-common';
import type { CiProvider } from '@waystone/plugin-delivery-node';
import { CiReader } from './CiReader';
import { CiWatch } from './CiWatch';

const run = (changes: Partial<CiRun> = {}): CiRun => ({
  id: '1',
  number: 1,
  title: 'Add x',
  workflow: 'ci.yaml',
  event: 'push',
  revision: 'c1',
  status: 'running',
  ...changes,
});

const ORDERS = {
  entityRef: 'component:default/orders',
  repositories: ['https://elsewhere.example/x', 'https://git.example/orders'],
};

describe('CI', () => {
  let runs: readonly CiRun[];
  let asked: string[];
  const provider: CiProvider = {
    name: 'ci/test',
    covers: url => url.startsWith('https://git.example/'),
    runs: async url => {
      asked.push(url);
      if (runs.length === 0) {
        throw new UpstreamError({
          system: 'ci',
          instance: 'test',
          operation: 'list-runs',
          code: 'unreachable',
          reason: 'it is away',
        });
      }
      return runs;
    },
    jobs: async () => [],
  };

  beforeEach(() => {
    runs = [run()];
    asked = [];
  });

  const signal = () => new AbortController().signal;

  it('is read from the first repository that somebody knows, once for all who look', async () => {
    const reader = CiReader.create({ providers: [provider] });
    const both = await Promise.all([
      reader.runs(ORDERS.repositories, signal()),
      reader.runs(ORDERS.repositories, signal()),
    ]);
    expect(both[0]).toMatchObject({
      items: [run()],
      provider: 'ci/test',
      freshness: { source: 'ci/test', stale: false },
    });
    expect(asked).toEqual(['https://git.example/orders']);
    expect(
      await reader.runs(['https://elsewhere.example/x'], signal()),
    ).toEqual({ items: [] });
    await expect(reader.jobs([], '1', signal())).rejects.toThrow('No CI');
  });

  it('stays as it was when nobody answers any more, with the reason', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] });
    try {
      const reader = CiReader.create({ providers: [provider] });
      await reader.runs(ORDERS.repositories, signal());
      runs = [];
      await jest.advanceTimersByTimeAsync(60_000);
      expect(await reader.runs(ORDERS.repositories, signal())).toMatchObject({
        items: [run()],
        freshness: {
          source: 'ci/test',
          stale: true,
          observedAt: expect.any(String),
          reason: expect.stringContaining('it is away'),
        },
      });
    } finally {
      jest.useRealTimers();
    }
  });

  it('is known of the last run of each service, and told when that changes', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] });
    try {
      const changed = jest.fn();
      const watch = CiWatch.create({
        reader: CiReader.create({ providers: [provider] }),
      });
      watch.start({ services: () => [ORDERS], onChange: changed });
      await jest.advanceTimersByTimeAsync(3_000);
      expect(watch.lastRunOf(ORDERS.entityRef)).toEqual(run());
      expect(changed).toHaveBeenCalledTimes(1);

      // Nobody is asked before its time is over, unless something else is deployed.
      await jest.advanceTimersByTimeAsync(20_000);
      expect(asked).toHaveLength(1);
      runs = [run({ status: 'succeeded' })];
      watch.see({ id: 'a', entityRef: ORDERS.entityRef, revision: 'c1' });
      watch.see({ id: 'a', entityRef: ORDERS.entityRef, revision: 'c2' });
      await jest.advanceTimersByTimeAsync(3_000);
      expect(watch.lastRunOf(ORDERS.entityRef)?.status).toBe('succeeded');
      expect(changed).toHaveBeenCalledTimes(2);

      // What cannot be read leaves what was known.
      runs = [];
      await jest.advanceTimersByTimeAsync(70_000);
      expect(asked.length).toBeGreaterThan(2);
      expect(watch.lastRunOf(ORDERS.entityRef)?.status).toBe('succeeded');
      watch.stop();
    } finally {
      jest.useRealTimers();
    }
  });
});
