import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bucketLabel, dayOf, growth, percent, startOfDay, timeAgo, valueLabel, warningTexts } from '../../main/resources/clicktide/query/dashboard/format.js';

test('a day starts at midnight of its zone, or at the first instant after a skipped midnight', () => {
  const starts = {
    'UTC 2026-03-08': '2026-03-08T00:00:00.000Z',
    'Asia/Kathmandu 2026-03-08': '2026-03-07T18:15:00.000Z',
    'Europe/Berlin 2026-03-29': '2026-03-28T23:00:00.000Z', // the day on which summer time starts
    'Europe/Berlin 2026-03-30': '2026-03-29T22:00:00.000Z',
    'Europe/Berlin 2026-10-25': '2026-10-24T22:00:00.000Z', // the day on which summer time ends
    'Europe/Berlin 2026-10-26': '2026-10-25T23:00:00.000Z',
    'America/New_York 2026-03-08': '2026-03-08T05:00:00.000Z',
    'America/New_York 2026-11-01': '2026-11-01T04:00:00.000Z',
    'America/Santiago 2026-09-06': '2026-09-06T04:00:00.000Z', // midnight is skipped
    'Pacific/Kiritimati 2026-01-01': '2025-12-31T10:00:00.000Z',
  };
  for (const [place, start] of Object.entries(starts)) {
    const [zone, day] = place.split(' ');
    assert.equal(startOfDay(day, zone), start, place);
    assert.equal(dayOf(Date.parse(start), zone), day, place);
    assert.notEqual(dayOf(Date.parse(start) - 1, zone), day, place);
  }
});

test('the time since an instant has a suitable unit and is never negative', (/** @type {any} */ t) => {
  t.mock.method(Date, 'now', () => 100_000_000);
  assert.equal(timeAgo(100_000_000 - 2_400), '2 s ago');
  assert.equal(timeAgo(100_000_000 + 5_000), '0 s ago');
  assert.equal(timeAgo(100_000_000 - 119_000), '119 s ago');
  assert.equal(timeAgo(100_000_000 - 120_000), '2 min ago');
  assert.equal(timeAgo(100_000_000 - 7_200_000), '2 h ago');
});

test('a share of nothing is 0 %', () => {
  assert.equal(percent(5, 0), percent(0, 1));
});

test('growth from 0 has no percentage', () => {
  assert.equal(growth(5, 0), 'new');
  assert.equal(growth(0, 0), '±0');
  assert.match(growth(112, 100), /^\+12/);
  assert.match(growth(50, 100), /^-50/);
});

test('only the label of a week says that its bucket is one', () => {
  assert.match(bucketLabel(Date.parse('2026-03-02T00:00:00Z'), 'week', 'UTC'), /^week of .*2026/);
  assert.doesNotMatch(bucketLabel(Date.parse('2026-03-02T00:00:00Z'), 'day', 'UTC'), /week/);
});

test('values without a name have a text that suits their dimension', () => {
  assert.equal(valueLabel('bot', ''), 'human');
  assert.equal(valueLabel('referrer', ''), 'direct or unknown');
  assert.equal(valueLabel('country', 'ZZ'), 'unknown');
  assert.equal(valueLabel('campaign', ''), 'none');
  assert.equal(valueLabel('browser', '__other__'), 'other');
  assert.equal(valueLabel('bot', 'crawler'), 'crawler');
  assert.equal(valueLabel('via', 'qr'), 'QR code');
  assert.notEqual(valueLabel('country', 'DE'), 'DE');
  assert.equal(valueLabel('browser', 'Firefox'), 'Firefox');
});

test('losses and gaps come before the other warnings, and an unknown warning is shown as it is', () => {
  const meta = { complete: false, knownLoss: 12, warnings: ['silent_node:a1', 'counts_kept_from:2026-01-01T00:00:00Z', 'a_new_one'] };
  assert.deepEqual(warningTexts(meta), [
    'Some counts are missing.',
    '12 clicks were lost before they were counted. No total includes them.',
    'Node a1 does not report. Its clicks may be missing.',
    'Counts are available from 2026-01-01 onwards.',
    'a_new_one',
  ]);
  assert.deepEqual(warningTexts({ complete: true, knownLoss: 0, warnings: [] }), []);
});
