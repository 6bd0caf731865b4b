import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chartPoints, clicksByStart, completedSums, isComplete } from '../../main/resources/clicktide/query/dashboard/series.js';

const DAYS = ['2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z'];
const point = (/** @type {string} */ bucketStart, /** @type {number} */ clicks, isFinalized = false) =>
  ({ bucketStart, clicks, uniqueVisitors: clicks, scans: 0, isFinalized });
const analytics = {
  series: [point(DAYS[0], 10, true), point(DAYS[1], 20), point(DAYS[2], 5)],
  bucket: /** @type {const} */ ('day'), tz: 'UTC', to: '2026-03-04T00:00:00Z', freshThrough: '2026-03-03T12:00:00Z',
};

test('a column is final, provisional, or open if it ends after the watermark', () => {
  assert.deepEqual(chartPoints(analytics).map(({ state }) => state), ['final', 'provisional', 'open']);
  const later = { ...analytics, freshThrough: analytics.to };
  assert.deepEqual(chartPoints(later).map(({ state }) => state), ['final', 'provisional', 'provisional']);
});

test('a column never has more bots than clicks, as the two counts may be read at different times', () => {
  const bots = new Map([[DAYS[0], 4], [DAYS[1], 25]]);
  assert.deepEqual(chartPoints(analytics, bots).map(({ clicks, bots }) => [clicks, bots]), [[10, 4], [20, 20], [5, 0]]);
});

test('clicks are found by the start of their bucket', () => {
  assert.deepEqual([...clicksByStart(analytics)], [[DAYS[0], 10], [DAYS[1], 20], [DAYS[2], 5]]);
});

test('a range is complete once the watermark has reached its end', () => {
  assert.equal(isComplete(null), false);
  assert.equal(isComplete(analytics), false);
  assert.equal(isComplete({ ...analytics, freshThrough: analytics.to }), true);
});

test('only completed buckets are compared with the previous period', () => {
  const series = [point('2026-02-26T00:00:00Z', 1), point('2026-02-27T00:00:00Z', 2), point('2026-02-28T00:00:00Z', 100)];
  const totals = { clicks: { total: 103, human: 103, bot: 0 }, uniqueVisitors: { estimate: 103, relativeError: 0.02 }, scans: 0 };
  const previous = { from: '2026-02-26T00:00:00Z', to: DAYS[0], totals, series };
  assert.deepEqual(completedSums({ ...analytics, previous }, 'clicks'), [30, 3]);
  assert.deepEqual(completedSums({ ...analytics, previous, freshThrough: analytics.to }, 'clicks'), [35, 103]);
});
