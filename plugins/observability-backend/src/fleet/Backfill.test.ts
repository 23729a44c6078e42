import { Backfill } from './Backfill';
import { SampleHistory } from './SampleHistory';

const NOW = 1_000_000_000;

describe('the past', () => {
  const backfill = () => new Backfill({ step: 100, steps: 8 });

  it('is asked for once, and then only what is new', () => {
    const past = backfill();
    const last = past.last(NOW);
    const all = past.next(NOW, '')!;
    expect(all).toEqual({ step: 100, from: last - 7, to: last });
    past.done(all);
    expect(past.next(NOW, '')).toBeUndefined();
    expect(past.known).toBe(8);
    const more = past.next(NOW + 200, '')!;
    expect(more).toEqual({ step: 100, from: last + 1, to: last + 2 });
    past.done(more);
    expect(past.known).toBe(8);
    expect(past.next(NOW + 200, '')).toBeUndefined();
  });

  it('is asked for in halves where it is too much, the newest first', () => {
    const past = backfill();
    const last = past.last(NOW);
    past.tooMuch(past.next(NOW, '')!, NOW);
    past.tooMuch(past.next(NOW, '')!, NOW);
    const first = past.next(NOW, '')!;
    expect(first).toMatchObject({ from: last - 1, to: last });
    past.done(first);
    expect(past.next(NOW, '')).toMatchObject({ from: last - 3, to: last - 2 });
  });

  it('is left alone for a while if even one step is too much', () => {
    const past = new Backfill({ step: 100, steps: 1 });
    past.tooMuch(past.next(NOW, '')!, NOW);
    expect(past.next(NOW + 10, '')).toBeUndefined();
    expect(past.next(NOW + 10_000, '')).toBeDefined();
  });

  it('is asked for anew if something else is asked', () => {
    const past = backfill();
    past.done(past.next(NOW, 'a')!);
    expect(past.next(NOW, 'b')).toMatchObject({ to: past.last(NOW) });
  });

  it('is asked for anew after a long absence', () => {
    const past = backfill();
    past.done(past.next(NOW, '')!);
    const later = past.next(NOW + 10_000, '')!;
    expect(later.to - later.from).toBe(7);
  });
});

describe('a history of counts', () => {
  it('adds up what is known, and tells nothing from none', () => {
    const history = new SampleHistory(4);
    expect(history.sum('requests', 0, 3)).toBeUndefined();
    history.set('requests', 1, 0);
    history.set('requests', 3, 5);
    expect(history.sum('requests', 0, 3)).toBe(5);
    expect(history.get('requests', 1)).toBe(0);
    expect(history.get('requests', 2)).toBeUndefined();
  });

  it('forgets what is older than it is long', () => {
    const history = new SampleHistory(4);
    history.set('requests', 1, 7);
    history.set('requests', 5, 9);
    expect(history.get('requests', 1)).toBeUndefined();
    expect(history.get('requests', 5)).toBe(9);
  });
});
