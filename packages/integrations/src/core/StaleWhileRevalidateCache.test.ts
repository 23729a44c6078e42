import { StaleWhileRevalidateCache } from './StaleWhileRevalidateCache';
import { UpstreamError } from './UpstreamError';
import type { UpstreamErrorCode } from './UpstreamError';

describe('StaleWhileRevalidateCache', () => {
  let cache: StaleWhileRevalidateCache<string>;
  const load = jest.fn();

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] });
    cache = new StaleWhileRevalidateCache({
      name: 'things',
      source: 'thing/main',
      maxEntries: 3,
    });
    load.mockReset();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  const get = (resource = 'a', scope?: string) =>
    cache.get({ resource, scope }, load);
  const failWith = (code: UpstreamErrorCode) =>
    load.mockRejectedValueOnce(
      new UpstreamError({
        system: 'thing',
        instance: 'main',
        operation: 'read-thing',
        code,
        reason: `it is ${code}`,
      }),
    );

  it('hands out what is fresh, then the old while it reads the new, then waits', async () => {
    load.mockResolvedValueOnce({ value: 'one' });
    const first = await get();
    expect(first).toEqual({
      value: 'one',
      freshness: {
        source: 'thing/main',
        observedAt: new Date().toISOString(),
        stale: false,
        reason: undefined,
      },
    });
    jest.advanceTimersByTime(4999);
    await get();
    expect(load).toHaveBeenCalledTimes(1);

    jest.advanceTimersByTime(1);
    load.mockResolvedValueOnce({ value: 'two' });
    await expect(get()).resolves.toMatchObject({ value: 'one' });
    await expect(get()).resolves.toMatchObject({ value: 'two' });
    expect(load).toHaveBeenCalledTimes(2);

    jest.advanceTimersByTime(60_000);
    load.mockResolvedValueOnce({ value: 'three' });
    await expect(get()).resolves.toMatchObject({ value: 'three' });
  });

  it('asks once for all who ask at the same time', async () => {
    let answer: (loaded: { value: string }) => void = () => {};
    load.mockReturnValueOnce(
      new Promise(resolve => {
        answer = resolve;
      }),
    );
    const leaving = new AbortController();
    const left = cache.get({ resource: 'a' }, load, { signal: leaving.signal });
    const all = Array.from({ length: 100 }, () => get());
    leaving.abort(new Error('gone'));
    // Only this one no longer waits.
    await expect(left).rejects.toThrow('gone');
    answer({ value: 'one' });
    const values = await Promise.all(all);
    expect(new Set(values.map(({ value }) => value))).toEqual(new Set(['one']));
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('keeps the old with the reason when it cannot read, for a quarter of an hour', async () => {
    load.mockResolvedValueOnce({ value: 'one' });
    await get();
    jest.advanceTimersByTime(61_000);
    failWith('unreachable');
    await expect(get()).resolves.toMatchObject({
      value: 'one',
      freshness: {
        stale: true,
        reason: 'thing (main) failed to read thing: it is unreachable',
      },
    });
    failWith('breaker-open');
    await expect(get()).resolves.toMatchObject({
      freshness: { reason: expect.stringContaining('it is unreachable') },
    });
    expect(cache.describe()).toMatchObject({
      name: 'things',
      entries: 1,
      freshness: { stale: true },
    });
    load.mockResolvedValueOnce({ value: 'two' });
    await expect(get()).resolves.toMatchObject({
      value: 'two',
      freshness: { stale: false },
    });
    jest.advanceTimersByTime(15 * 60_000);
    failWith('unreachable');
    await expect(get()).rejects.toMatchObject({ code: 'unreachable' });
  });

  it.each(['denied', 'not-found', 'invalid'] as const)(
    'forgets the old when the answer is %s',
    async code => {
      load.mockResolvedValueOnce({ value: 'one' });
      await get();
      jest.advanceTimersByTime(61_000);
      failWith(code);
      await expect(get()).rejects.toMatchObject({ code });
      failWith('unreachable');
      await expect(get()).rejects.toMatchObject({ code: 'unreachable' });
    },
  );

  it('never shares between scopes, and shows nothing without their credentials', async () => {
    load.mockResolvedValueOnce({ value: 'of ana' });
    load.mockResolvedValueOnce({ value: 'of the portal' });
    await expect(get('a', 'ana')).resolves.toMatchObject({ value: 'of ana' });
    await expect(get('a')).resolves.toMatchObject({ value: 'of the portal' });
    failWith('unreachable');
    await expect(get('a', 'ben')).rejects.toMatchObject({
      code: 'unreachable',
    });
    jest.advanceTimersByTime(61_000);
    failWith('unauthenticated');
    await expect(get('a', 'ana')).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    failWith('unauthenticated');
    await expect(get('a')).resolves.toMatchObject({
      value: 'of the portal',
      freshness: { stale: true },
    });
  });

  it('asks whether the old is still right', async () => {
    load.mockResolvedValueOnce({ value: 'one', etag: 'W/"1"' });
    await get();
    jest.advanceTimersByTime(61_000);
    load.mockResolvedValueOnce('not-modified');
    await expect(get()).resolves.toMatchObject({
      value: 'one',
      freshness: { observedAt: new Date().toISOString(), stale: false },
    });
    expect(load).toHaveBeenLastCalledWith({ etag: 'W/"1"', previous: 'one' });
    // The tag is still known.
    jest.advanceTimersByTime(61_000);
    load.mockResolvedValueOnce('not-modified');
    await get();
    expect(load).toHaveBeenLastCalledWith({ etag: 'W/"1"', previous: 'one' });
  });

  it('forgets what was changed, and the least recently used', async () => {
    load.mockImplementation(async () => ({ value: 'one' }));
    await get('a');
    await get('a', 'ana');
    await get('b');
    cache.invalidate('a');
    await get('b');
    expect(load).toHaveBeenCalledTimes(3);
    await get('a');
    await get('a', 'ana');
    expect(load).toHaveBeenCalledTimes(5);
    await get('c');
    await get('b');
    expect(load).toHaveBeenCalledTimes(7);
    expect(cache.describe().entries).toBe(3);
    cache.clear();
    expect(cache.describe()).toEqual({
      name: 'things',
      entries: 0,
      freshness: { source: 'thing/main', stale: false },
    });
  });
});
