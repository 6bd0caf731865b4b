import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportRows } from '../../main/resources/clicktide/query/dashboard/reportrows.js';

const START = '2026-03-01T00:00:00Z';
const totals = { clicks: { total: 9, human: 7, bot: 2 }, uniqueVisitors: { estimate: 6, relativeError: 0.016 }, scans: 1 };
const series = [{ bucketStart: START, clicks: 9, uniqueVisitors: 6, scans: 1, isFinalized: true }];
const analytics = {
  from: START, to: '2026-03-02T00:00:00Z', freshThrough: '2026-03-03T00:00:00Z', tz: 'UTC', bucket: /** @type {const} */ ('day'),
  totals, series, meta: { complete: true, knownLoss: 0, warnings: [] },
};
const content = {
  base: '/v1/links/tides', query: { get: () => null, filters: { browser: 'Firefox' } }, analytics, bots: new Map([[START, 2]]),
  breakdowns: [], ledger: null, events: [],
};
const lines = (/** @type {Partial<import('../../main/resources/clicktide/query/dashboard/reportrows.js').ReportContent>} */ more) =>
  reportRows({ ...content, ...more }).map((row) => row.join(','));

test('the range, the filters and the totals come before the series', () => {
  assert.deepEqual(lines({}), [
    'report,/v1/links/tides', 'from,2026-03-01T00:00:00Z', 'to,2026-03-02T00:00:00Z', 'time zone,UTC', 'fresh through,2026-03-03T00:00:00Z',
    'traffic,all', 'browser,Firefox', 'clicks,9', 'human clicks,7', 'bot clicks,2', 'visitors (estimate),6',
    'relative error of visitors,0.016', 'scans,1', '', 'day,clicks,bots,visitors,scans,final', '2026-03-01T00:00:00Z,9,2,6,1,true',
  ]);
});

test('with filtered traffic the bots of a bucket are unknown, not 0', () => {
  assert.ok(lines({ bots: null }).includes('2026-03-01T00:00:00Z,9,,6,1,true'));
  assert.ok(lines({ bots: new Map() }).includes('2026-03-01T00:00:00Z,9,0,6,1,true'));
});

test('a previous period adds a column', () => {
  const previous = { from: START, to: START, totals, series: [{ ...series[0], clicks: 4 }] };
  const rows = lines({ analytics: { ...analytics, previous } });
  assert.ok(rows.includes('day,clicks,bots,visitors,scans,final,previous clicks'));
  assert.ok(rows.includes('2026-03-01T00:00:00Z,9,2,6,1,true,4'));
});

test('breakdowns, the ledger and the latest clicks follow if they are there', () => {
  const ledger = {
    received: 10, counted: 9, duplicate: 0, filtered: { own_traffic: 1, tracking_off: 0 }, late: 0, rejected: 0, shed: 0,
    unattributedLoss: 0, underWay: 0,
  };
  const rows = lines({
    breakdowns: [{ dimension: 'browser', series: [{ ...series[0], browser: 'Firefox' }] }],
    ledger, events: [{ at: START, code: 'tides', browser: 'Firefox' }],
  });
  for (const row of ['browser,clicks', 'Firefox,9', 'ledger,events', 'received,10', 'own_traffic,1', 'at,code,browser']) {
    assert.ok(rows.includes(row), row);
  }
  assert.ok(rows.every((row) => !row.includes('[object')));
});
