import assert from 'node:assert/strict';
import { test } from 'node:test';
import { now, synchronize } from '../../main/resources/clicktide/query/dashboard/clock.js';

test('a difference of more than two seconds to the server is corrected', (/** @type {any} */ t) => {
  t.mock.method(Date, 'now', () => 1_000_000);
  synchronize(1_000_000 + 90_000);
  assert.equal(now(), 1_090_000);
  synchronize(1_000_000 - 90_000);
  assert.equal(now(), 910_000);
});

test('a smaller difference is the time of the response, and corrects nothing', (/** @type {any} */ t) => {
  t.mock.method(Date, 'now', () => 1_000_000);
  synchronize(1_000_000 - 90_000);
  synchronize(1_000_000 - 1_900);
  assert.equal(now(), 1_000_000);
});
