import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const FOLDER = new URL('../../main/resources/clicktide/query/dashboard/', import.meta.url);
const read = (/** @type {string} */ name) => String(readFileSync(new URL(name, FOLDER)));
/** @type {string[]} */
const modules = readdirSync(FOLDER).filter((/** @type {string} */ name) => name.endsWith('.js'));
const imported = (/** @type {string} */ name) => [...read(name).matchAll(/^import .* from '\.\/(.*)';$/gm)].map(([, path]) => path);

/** All modules that a module imports, directly or not. */
function reachable(/** @type {string} */ name, found = new Set()) {
  for (const path of imported(name)) {
    if (found.has(path)) continue;
    found.add(path);
    reachable(path, found);
  }
  return [...found].sort();
}

test('the page preloads exactly the modules that it imports', () => {
  const preloaded = [...read('index.html').matchAll(/modulepreload" href="\/ui\/(.*)"/g)].map(([, path]) => path);
  assert.deepEqual(preloaded, reachable('app.js'));
});

test('every module is part of a page', () => {
  assert.deepEqual(modules.sort(), [...new Set(['app.js', 'public.js', ...reachable('app.js'), ...reachable('public.js')])].sort());
});

test('a module has a name that the server serves', () => {
  for (const name of modules) assert.match(name, /^[a-z]+\.js$/);
});

test('a module begins with a comment and imports nothing from elsewhere', () => {
  for (const name of modules) {
    assert.match(read(name), /^\/\/ [A-Z]/, name);
    assert.equal((read(name).match(/^import /gm) ?? []).length, imported(name).length, name);
  }
});

test('no module makes markup of text', () => {
  for (const name of modules) assert.doesNotMatch(read(name), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b/, name);
});
