import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importBatches } from '../../main/resources/clicktide/query/dashboard/importbatches.js';

const batches = (/** @type {string} */ text) => [...importBatches(text)];

test('CSV is split into batches of 1,000 rows, each with the header', () => {
  const rows = Array.from({ length: 2_001 }, (_, i) => `https://example.com/${i},"a\nb"`);
  const split = batches(`destination,title\n${rows.join('\n')}\n`);
  assert.deepEqual(split.map(({ type, first }) => [type, first]), [['text/csv', 0], ['text/csv', 1_000], ['text/csv', 2_000]]);
  assert.equal(split[2].body, `destination,title\n${rows[2_000]}`);
});

test('a header without rows is sent, so that the API reports what is missing', () => {
  assert.deepEqual(batches('destination,title\n'), [{ type: 'text/csv', body: 'destination,title\n', first: 0 }]);
});

test('a JSON array is split into batches', () => {
  const split = batches(JSON.stringify(Array.from({ length: 1_500 }, (_, i) => ({ destination: `https://example.com/${i}` }))));
  assert.deepEqual(split.map(({ type, body, first }) => [type, /** @type {unknown[]} */ (body).length, first]),
    [['application/json', 1_000, 0], ['application/json', 500, 1_000]]);
});

test('JSON objects on lines are sent as lines', () => {
  assert.deepEqual(batches('{"destination": "https://a.example/"}\n\n{"destination": "https://b.example/"}\n'), [{
    type: 'application/x-ndjson', first: 0, body: '{"destination": "https://a.example/"}\n{"destination": "https://b.example/"}',
  }]);
});

test('a JSON object may stand on one line or on several', () => {
  const expected = [{ type: 'application/json', body: { links: [] }, first: 0 }];
  assert.deepEqual(batches('{"links": []}'), expected);
  assert.deepEqual(batches('{\n  "links": []\n}'), expected);
});

test('malformed JSON is an error', () => {
  assert.throws(() => batches('[{]'), SyntaxError);
});
