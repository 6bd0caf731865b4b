// Takes many links at once and shows what became of each.
import { ask } from './api.js';
import { csv, records, save } from './csv.js';
import { attempt, choice, el, table } from './dom.js';
import { count } from './format.js';
import { address } from './route.js';

const RECORDS_AT_ONCE = 1_000;
const FORMATS = [['clicktide', 'Clicktide'], ['yourls', 'YOURLS'], ['shlink', 'Shlink'], ['kutt', 'Kutt'], ['bitly', 'Bitly']];

export function imports({ owner }) {
  const text = el('textarea', { rows: 10, required: true, spellcheck: 'false', placeholder: 'destination,code,title,tags\nhttps://example.com/tides,tides,Tide tables,"news,spring"' });
  const file = el('input', { type: 'file', accept: '.csv,.json,.jsonl,.ndjson', onchange: attempt(async () => { text.value = await file.files[0]?.text() ?? ''; }) });
  const result = el('div');
  const enter = el('button', null, 'Import');
  let format = 'clicktide';

  /** Sends it in parts of what one call takes; each row keeps its number. */
  async function send(event) {
    event.preventDefault();
    enter.disabled = true; // twice would make links twice
    const all = { created: 0, changed: 0, unchanged: 0, failed: 0, rows: [] };
    try {
      for (const { type, body, first } of parts(text.value)) {
        result.replaceChildren(el('p', { role: 'status' }, `${count(all.rows.length)} rows processed …`));
        const query = new URLSearchParams({ format, ownerId: owner });
        const part = await ask('/v1/imports/links', { method: 'POST', type, body, query });
        for (const outcome of ['created', 'changed', 'unchanged', 'failed']) all[outcome] += part[outcome];
        all.rows.push(...part.rows.map((row) => ({ ...row, row: row.row + first })));
      }
      result.replaceChildren(...told(all));
    } catch (failure) {
      result.replaceChildren(el('p', { class: 'problem', role: 'alert' }, failure.message), ...(all.rows.length ? told(all) : []));
    } finally {
      enter.disabled = false;
    }
  }

  const form = el('form', { class: 'card importing', onsubmit: send },
    el('label', null, 'Format', choice(FORMATS, format, (value) => { format = value; })),
    el('label', null, 'File', file),
    el('label', null, 'Or paste text: CSV with a header row, JSON, or one JSON object per line', text),
    enter);
  return { title: 'Import', element: el('div', null, el('h1', null, 'Import links'), form, result) };
}

function* parts(text) {
  const trimmed = text.trim();
  if (trimmed.startsWith('[')) {
    const list = JSON.parse(trimmed);
    for (const [body, first] of slices(list)) yield { type: 'application/json', body, first };
    return;
  }
  if (trimmed.startsWith('{')) {
    const lines = trimmed.split('\n').filter((line) => line.trim());
    const isOne = lines.length === 1 || !lines[0].trim().endsWith('}');
    if (isOne) yield { type: 'application/json', body: JSON.parse(trimmed), first: 0 };
    else for (const [some, first] of slices(lines)) yield { type: 'application/x-ndjson', body: some.join('\n'), first };
    return;
  }
  const [head, ...rows] = records(trimmed);
  for (const [some, first] of slices(rows.length > 0 ? rows : [''])) yield { type: 'text/csv', body: [head, ...some].join('\n'), first };
}

/** A list in parts of what one call takes, each with the number of its first. */
function* slices(list) {
  for (let i = 0; i < list.length; i += RECORDS_AT_ONCE) yield [list.slice(i, i + RECORDS_AT_ONCE), i];
}

function told(all) {
  const words = (row) => (row.errors ?? []).map(({ field, detail }) => `${field}: ${detail}`).join(' ');
  const rows = all.rows.toSorted((a, b) => (b.outcome === 'failed') - (a.outcome === 'failed') || a.row - b.row);
  const heads = ['row', 'outcome', 'code', 'errors'];
  const cells = rows.map((row) => [row.row, row.outcome, row.code ?? '', words(row)]);
  return [
    el('p', { role: 'status' }, `${count(all.created)} created, ${count(all.changed)} changed, ${count(all.unchanged)} unchanged, ${count(all.failed)} failed. `,
      el('button', { class: 'second', type: 'button', onclick: () => save('import.csv', csv([heads, ...cells])) }, 'Download results as CSV')),
    el('div', { class: 'card scroll', tabindex: 0 }, table('Import results', ['Row', 'Outcome', 'Code', 'Errors'], cells.slice(0, 1000).map(([row, outcome, code, why]) =>
      [count(row), outcome, code && outcome !== 'failed' ? el('a', { href: address('links', code) }, code) : code, why]))),
  ];
}
