import { SettledCache } from './SettledCache';

describe('SettledCache', () => {
  let now = 0;
  const create = (mostWeight = 10) =>
    new SettledCache({ mostWeight, now: () => now });
  const counter = () => {
    let count = 0;
    return async () => {
      count += 1;
      return count;
    };
  };

  beforeEach(() => {
    now = 1_000_000;
  });

  it('keeps what was computed just after a change for two seconds only', async () => {
    const cache = create();
    const compute = counter();
    const get = (version: string) => cache.get({ version, key: 'a', compute });
    expect(await get('1')).toBe(1);
    now += 1_900;
    expect(await get('1')).toBe(1);
    now += 200;
    // By now every transaction of that version has ended
    expect(await get('1')).toBe(2);
    now += 1_000_000;
    expect(await get('1')).toBe(2);
    expect(await get('2')).toBe(3);
  });

  it('computes once for all who ask at the same time, and forgets failures', async () => {
    const cache = create();
    const compute = counter();
    const options = { version: '1', key: 'a', compute };
    expect(await Promise.all([cache.get(options), cache.get(options)])).toEqual(
      [1, 1],
    );
    const failing = {
      ...options,
      key: 'b',
      compute: async () => {
        throw new Error('gone');
      },
    };
    await expect(cache.get(failing)).rejects.toThrow('gone');
    expect(await cache.get({ ...options, key: 'b' })).toBe(2);
  });

  it('lets go of what was used least recently when it weighs too much', async () => {
    const cache = create(10);
    const compute = counter();
    const get = (key: string) =>
      cache.get({ version: '1', key, compute, weightOf: () => 4 });
    expect(await get('a')).toBe(1);
    expect(await get('b')).toBe(2);
    expect(await get('a')).toBe(1);
    expect(await get('c')).toBe(3);
    expect(await get('a')).toBe(1);
    expect(await get('b')).toBe(4);
  });
});
