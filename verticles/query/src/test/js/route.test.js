import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, change, route } from '../../main/resources/clicktide/query/dashboard/route.js';
import { visit } from './location.js';

test('a fragment has a page, a name and a query', () => {
  visit('#/links/caf%C3%A9%40go.example.com?q=a%20b&tag=x');
  const { page, name, query } = route();
  assert.deepEqual([page, name, query.get('q'), query.get('tag')], ['links', 'café@go.example.com', 'a b', 'x']);
});

test('no fragment is the first page', () => {
  visit('');
  assert.deepEqual([route().page, route().name, route().query.size], ['', '', 0]);
});

test('a malformed fragment is a missing page', () => {
  visit('#/links/%E0%A4');
  assert.equal(route().page, 'missing');
});

test('an address is read as it was written', () => {
  for (const name of ['spring-tide', '*@go.example.com', 'a/b?c#d%20', 'ü']) {
    visit(address('links', name, new URLSearchParams({ q: '&=?#' })));
    assert.deepEqual([route().page, route().name, route().query.get('q')], ['links', name, '&=?#']);
  }
  assert.equal(address(), '#/');
});

test('a change keeps the other parameters, and an empty value removes one', () => {
  visit('#/links/tides?interval=30d&browser=Firefox');
  change({ browser: null, tz: 'UTC' });
  assert.equal(location.hash, '#/links/tides?interval=30d&tz=UTC');
  change({ tz: '', interval: false });
  assert.equal(location.hash, '#/links/tides');
});
