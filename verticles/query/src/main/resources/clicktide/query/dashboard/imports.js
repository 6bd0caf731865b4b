// The page "Import": creates many links at once and shows the result of each.
/** @import { ImportResult, ImportRow, Outcome, Page, PageContext } from './types.js' */
import { ask, messageOf } from './api.js';
import { csv, save } from './csv.js';
import { el, select, table, withErrorDialog } from './dom.js';
import { count } from './format.js';
import { importBatches } from './importbatches.js';
import { address } from './route.js';

const MAX_SHOWN = 1_000; // rows
/** @type {[string, string][]} */
const FORMATS = [['clicktide', 'Clicktide'], ['yourls', 'YOURLS'], ['shlink', 'Shlink'], ['kutt', 'Kutt'], ['bitly', 'Bitly']];
/** @type {Outcome[]} */
const OUTCOMES = ['created', 'changed', 'unchanged', 'failed'];
const EXAMPLE = 'destination,code,title,tags\nhttps://example.com/tides,tides,Tide tables,"news,spring"';

/**
 * @param {PageContext} page
 * @returns {Page}
 */
export function imports({ owner }) {
  const text = el('textarea', { rows: 10, required: true, spellcheck: 'false', placeholder: EXAMPLE });
  const file = el('input', {
    type: 'file', accept: '.csv,.json,.jsonl,.ndjson',
    onchange: withErrorDialog(async () => { text.value = await file.files?.[0]?.text() ?? ''; }),
  });
  const result = el('div');
  const submitButton = el('button', null, 'Import');
  let format = 'clicktide';

  /** Sends the text in batches. The numbers of the rows are those of the whole text. */
  async function send(/** @type {SubmitEvent} */ event) {
    event.preventDefault();
    submitButton.disabled = true; // a second submission would create the links again
    /** @type {ImportResult} */
    const total = { created: 0, changed: 0, unchanged: 0, failed: 0, rows: [] };
    try {
      for (const { type, body, first } of importBatches(text.value)) {
        result.replaceChildren(el('p', { role: 'status' }, `${count(total.rows.length)} rows processed …`));
        const query = new URLSearchParams({ format, ownerId: owner });
        /** @type {ImportResult} */
        const part = await ask('/v1/imports/links', { method: 'POST', type, body, query });
        for (const outcome of OUTCOMES) total[outcome] += part[outcome];
        total.rows.push(...part.rows.map((row) => ({ ...row, row: row.row + first })));
      }
      result.replaceChildren(...resultView(total));
    } catch (failure) {
      const error = el('p', { class: 'error', role: 'alert' }, messageOf(failure));
      result.replaceChildren(error, ...(total.rows.length > 0 ? resultView(total) : []));
    } finally {
      submitButton.disabled = false;
    }
  }

  const form = el('form', { class: 'card import-form', onsubmit: send },
    el('label', null, 'Format', select(FORMATS, format, (value) => { format = value; })),
    el('label', null, 'File', file),
    el('label', null, 'Or paste text: CSV with a header row, JSON, or one JSON object per line', text),
    submitButton);
  return { title: 'Import', element: el('div', null, el('h1', null, 'Import links'), form, result) };
}

/**
 * Creates the summary, the download and the table of an import. Failed rows come first.
 * @param {ImportResult} total
 */
function resultView(total) {
  const rows = total.rows.toSorted((a, b) => Number(b.outcome === 'failed') - Number(a.outcome === 'failed') || a.row - b.row);
  const download = () => save('import.csv', csv([
    ['row', 'outcome', 'code', 'errors'], ...rows.map((row) => [row.row, row.outcome, row.code ?? '', errorsText(row)]),
  ]));
  const cells = rows.slice(0, MAX_SHOWN).map((row) => {
    const { row: number, outcome, code } = row;
    const name = code && outcome !== 'failed' ? el('a', { href: address('links', code) }, code) : code;
    return [count(number), outcome, name, errorsText(row)];
  });
  return [
    el('p', { role: 'status' }, `${OUTCOMES.map((outcome) => `${count(total[outcome])} ${outcome}`).join(', ')}. `,
      el('button', { class: 'secondary', type: 'button', onclick: download }, 'Download results as CSV')),
    el('div', { class: 'card scroll', tabindex: 0 }, table('Import results', ['Row', 'Outcome', 'Code', 'Errors'], cells)),
  ];
}

/** @param {ImportRow} row */
const errorsText = ({ errors = [] }) => errors.map(({ field, detail }) => `${field}: ${detail}`).join(' ');
