import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSpike } from '../../main/resources/clicktide/query/dashboard/leaderboard.js';

/** An hour with `before` clicks per minute, then three minutes with `recent`; the current minute is empty. */
const hour = (/** @type {number} */ before, /** @type {number} */ recent) => [...Array(56).fill(before), recent, recent, recent, 0];

test('a spike has at least 20 clicks per minute and more than four times the mean before', () => {
  assert.equal(isSpike(hour(10, 100)), true);
  assert.equal(isSpike(hour(10, 40)), false);
  assert.equal(isSpike(hour(10, 41)), true);
  assert.equal(isSpike(hour(1, 19)), false);
  assert.equal(isSpike(hour(1, 20)), true);
});

test('a link without at least ten minutes before has no spike', () => {
  assert.equal(isSpike(hour(0, 100)), false);
  assert.equal(isSpike([...Array(47).fill(0), ...Array(9).fill(1), 100, 100, 100, 0]), false);
  assert.equal(isSpike([...Array(46).fill(0), ...Array(10).fill(1), 100, 100, 100, 0]), true);
  assert.equal(isSpike(Array(60).fill(0)), false);
});

test('the current minute is ignored, because it is not complete', () => {
  assert.equal(isSpike([...Array(59).fill(10), 1_000]), false);
});
