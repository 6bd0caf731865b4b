import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csv, records } from '../../main/resources/clicktide/query/dashboard/csv.js';

test('cells with commas, quotes or line breaks are quoted', () => {
  assert.equal(csv([['a,b', 'say "hi"', 'two\nlines', 'plain']]), '"a,b","say ""hi""","two\nlines",plain\r\n');
});

test('a text that a spreadsheet would read as a formula gets an apostrophe, a number does not', () => {
  assert.equal(csv([['=1+1', '@x', '-y', '+z', '\tt', -1]]), "'=1+1,'@x,'-y,'+z,'\tt,-1\r\n");
});

test('the other first characters of a formula that OWASP lists get an apostrophe', () => {
  assert.equal(csv([['\r=1', '\n=1', '＝1', '＋1', '－1', '＠x']]), '"\'\r=1","\'\n=1",\'＝1,\'＋1,\'－1,\'＠x\r\n');
});

test('a missing value is an empty cell', () => {
  assert.equal(csv([[null, undefined, '', 0, false]]), ',,,0,false\r\n');
  assert.equal(csv([]), '');
});

test('a line break within quotes does not end a record', () => {
  assert.deepEqual(records('a,b\n"x\ny",1\n\n"""q",2\n5" disk,3\n'), ['a,b', '"x\ny",1', '"""q",2', '5" disk,3']);
});

test('written records are split again as they were written', () => {
  const rows = [['a', 'b'], ['x\n"y"', ',\n,'], ['', '"'], ['c', '\r\n']];
  assert.deepEqual(records(csv(rows)).map((record) => `${record.trimEnd()}\r\n`), rows.map((row) => csv([row])));
});
