import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DIMENSIONS, ReportQuery } from '../../main/resources/clicktide/query/dashboard/reportquery.js';
import { visit } from './location.js';

const query = (/** @type {string} */ text) => {
  visit(`#/?${text}`);
  return new ReportQuery();
};

test('the last seven days by day are the default', () => {
  assert.deepEqual([query('').interval, query('').bucket], ['7d', 'day']);
  assert.equal(query('interval=24h').bucket, 'hour');
  assert.equal(query('interval=24h&bucket=minute').bucket, 'minute');
  assert.equal(query('interval=custom').bucket, undefined);
});

test('filters are the known dimensions and the tag', () => {
  assert.deepEqual(query('browser=Firefox&tag=news&other=1&tz=UTC').filters, { tag: 'news', browser: 'Firefox' });
  for (const name of Object.keys(DIMENSIONS)) assert.deepEqual(query(`${name}=x`).filters, { [name]: 'x' });
});

test('an API call has the range, the filters and the given parameters, without empty ones', () => {
  const parameters = query('interval=30d&tz=UTC&traffic=human&country=DE').parameters({ bucket: 'day', limit: 8, compare: null });
  assert.equal(parameters.toString(), 'tz=UTC&interval=30d&traffic=human&country=DE&bucket=day&limit=8');
});

test('a given parameter replaces that of the query', () => {
  assert.equal(query('traffic=human').parameters({ traffic: 'bot' }, new URLSearchParams()).toString(), 'traffic=bot');
});

test('a custom range includes its last day, in its zone', () => {
  const range = query('interval=custom&from=2026-03-28&through=2026-03-29&tz=Europe/Berlin').range();
  assert.deepEqual(Object.fromEntries(range), {
    tz: 'Europe/Berlin', from: '2026-03-27T23:00:00.000Z', to: '2026-03-29T22:00:00.000Z',
  });
});

test('a custom range without days is today', (/** @type {any} */ t) => {
  t.mock.method(Date, 'now', () => Date.parse('2026-02-28T23:30:00Z'));
  assert.deepEqual(Object.fromEntries(query('interval=custom&tz=UTC').range()), {
    tz: 'UTC', from: '2026-02-28T00:00:00.000Z', to: '2026-03-01T00:00:00.000Z',
  });
});

test('a click matches a list of values, and no value of an excluding list', () => {
  const firefox = { traffic: 'human', browser: 'Firefox', country: 'DE' };
  assert.ok(query('').matches(firefox));
  assert.ok(query('browser=Chrome,Firefox').matches(firefox));
  assert.ok(!query('browser=Chrome').matches(firefox));
  assert.ok(!query('browser=-Chrome,-Firefox').matches(firefox));
  assert.ok(query('browser=-Chrome').matches(firefox));
  assert.ok(!query('browser=Firefox&country=FR').matches(firefox));
  assert.ok(!query('traffic=bot').matches(firefox));
  assert.ok(query('tag=news').matches(firefox), 'a click does not have the tags of its link');
});
