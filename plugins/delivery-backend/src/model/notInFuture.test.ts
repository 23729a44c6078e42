import { notInFuture } from './notInFuture';

describe('notInFuture', () => {
  const now = Date.parse('2026-01-01T12:00:00.000Z');

  it.each([
    ['2026-01-01T12:10:00.000Z', '2026-01-01T12:00:00.000Z'],
    ['2026-01-01T11:50:00.000Z', '2026-01-01T11:50:00.000Z'],
    ['never', 'never'],
    [undefined, undefined],
  ])('makes of %s %s', (time, expected) => {
    expect(notInFuture(time, now)).toBe(expected);
  });
});
