import assert from 'node:assert/strict';
import { it } from 'node:test';
import { formatDuration } from '../src/index.ts';

it('says hours and minutes', () => {
  assert.equal(formatDuration(7_500), '2 h 5 min');
  assert.equal(formatDuration(90), '2 min');
});

it('refuses what is no length of time', () => {
  assert.throws(() => formatDuration(-1), RangeError);
});
