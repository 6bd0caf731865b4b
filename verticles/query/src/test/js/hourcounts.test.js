import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { HourCounts } from '../../main/resources/clicktide/query/dashboard/hourcounts.js';

const NOON = Date.parse('2026-03-01T12:00:00Z');
const MINUTE = 60_000;
const minute = (/** @type {number} */ i) => new Date(NOON + i * MINUTE).toISOString();
let time = NOON;
mock.method(Date, 'now', () => time);
beforeEach(() => { time = NOON; });

/**
 * @param {Record<string, Record<string, number>>} links
 * @param {number} others
 */
const snapshot = (links, others = 0) => ({
  type: /** @type {const} */ ('snapshot'), id: 1, seq: 1, freshThrough: minute(0), others,
  links: Object.fromEntries(Object.entries(links).map(([code, minutes]) => [code, { minutes }])),
});
const delta = (/** @type {Record<string, Record<string, number>>} */ links) =>
  ({ type: /** @type {const} */ ('delta'), id: 1, seq: 2, freshThrough: minute(0), links });

test('a snapshot replaces the counts, an increment is added', () => {
  const counts = new HourCounts();
  assert.equal(counts.apply(snapshot({ a: { [minute(0)]: 2, [minute(-59)]: 5 }, b: { [minute(-1)]: 3 } })), true);
  assert.equal(counts.apply(delta({ b: { [minute(0)]: 6 } })), true);
  const { links, minutes, total, start } = counts.view();
  assert.deepEqual(links.map(({ code, hour, current }) => [code, hour, current]), [['b', 9, 6], ['a', 7, 2]]);
  assert.deepEqual([minutes[0], minutes[58], minutes[59], total, start], [5, 3, 8, 16, NOON - 59 * MINUTE]);
  counts.apply(snapshot({}));
  assert.equal(counts.view().total, 0);
});

test('an increment without clicks changes nothing but the watermark', () => {
  const counts = new HourCounts();
  counts.apply(snapshot({}));
  assert.equal(counts.apply({ ...delta({}), freshThrough: minute(1) }), false);
  assert.equal(counts.freshThrough, NOON + MINUTE);
  counts.apply({ ...delta({}), freshThrough: '1970-01-01T00:00:00Z' });
  assert.equal(counts.freshThrough, null);
});

test('minutes leave the hour as time goes on', () => {
  const counts = new HourCounts();
  counts.apply(snapshot({ a: { [minute(-59)]: 5, [minute(0)]: 1 } }));
  time += MINUTE;
  assert.deepEqual([counts.view().total, counts.view().links.length], [1, 1]);
  time += 59 * MINUTE;
  assert.deepEqual([counts.view().total, counts.view().links.length], [0, 0]);
});

test('clicks of a minute that has not started here are shown when it starts', () => {
  const counts = new HourCounts();
  counts.apply(snapshot({ a: { [minute(1)]: 4 } }));
  assert.equal(counts.view().total, 0);
  time += MINUTE;
  assert.equal(counts.view().total, 4);
});

test('a link that is unknown beside a sum of others is added to the sum', () => {
  const counts = new HourCounts();
  counts.apply(snapshot({ a: { [minute(0)]: 5 } }, 7));
  counts.apply(delta({ a: { [minute(0)]: 1 }, b: { [minute(0)]: 2 } }));
  const { links, total } = counts.view();
  assert.deepEqual([links.map(({ code }) => code), total, counts.isPartial], [['a'], 15, true]);
});

test('a sum of others is outdated after a minute, complete counts never are', () => {
  const partial = new HourCounts();
  const complete = new HourCounts();
  partial.apply(snapshot({}, 1));
  complete.apply(snapshot({}));
  time += MINUTE;
  assert.equal(partial.isOutdated, false);
  time += 1;
  assert.deepEqual([partial.isOutdated, complete.isOutdated], [true, false]);
});

test('the rate is the mean of at most ten seconds since the snapshot', () => {
  const counts = new HourCounts();
  counts.apply(snapshot({ a: { [minute(0)]: 1_000 } }));
  assert.equal(counts.view().perSecond, 0);
  time += 2_000;
  counts.apply(delta({ a: { [minute(0)]: 6 } }));
  assert.equal(counts.view().perSecond, 3);
  time += 10_000;
  assert.equal(counts.view().perSecond, 0.6);
  time += 1;
  assert.equal(counts.view().perSecond, 0);
});
