import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axisLevels, labelStride } from '../../main/resources/clicktide/query/dashboard/scale.js';

test('levels are round whole numbers from 0 to at least the maximum', () => {
  assert.deepEqual(axisLevels(0), [0, 1]);
  assert.deepEqual(axisLevels(1), [0, 1]);
  assert.deepEqual(axisLevels(4), [0, 1, 2, 3, 4]);
  assert.deepEqual(axisLevels(9), [0, 5, 10]);
  assert.deepEqual(axisLevels(100), [0, 25, 50, 75, 100]);
  assert.deepEqual(axisLevels(101), [0, 50, 100, 150]);
  assert.deepEqual(axisLevels(1_234_567), [0, 500_000, 1_000_000, 1_500_000]);
});

test('every maximum is reached in one to four equal steps of a whole number', () => {
  for (let max = 0; max < 20_000; max += 7) {
    const levels = axisLevels(max);
    assert.ok(levels.length >= 2 && levels.length <= 5, String(max));
    assert.ok(levels[levels.length - 1] >= max, String(max));
    assert.ok(levels.every((level, i) => Number.isInteger(level) && level === i * levels[1]), String(max));
  }
});

test('as many columns are labelled as labels fit, and at least two', () => {
  assert.equal(labelStride(7, 800), 1);
  assert.equal(labelStride(60, 800), 6);
  assert.equal(labelStride(60, 320), 15);
  assert.equal(labelStride(60, 10), 30);
  assert.equal(labelStride(0, 320), 1);
});
