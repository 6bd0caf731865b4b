// Writes and splits CSV (RFC 4180).
/** @import { Cell } from './types.js' */

/**
 * Quotes a cell where necessary. A text that a spreadsheet would read as a formula gets a leading apostrophe.
 * @param {Cell} value
 */
function cell(value) {
  const text = typeof value === 'string' && /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Writes rows as CSV.
 * @param {Cell[][]} rows
 */
export const csv = (rows) => rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');

/**
 * Splits a CSV text into its records. A quoted field may contain line breaks. Empty records are dropped.
 * @param {string} text
 */
export function records(text) {
  const found = [];
  let start = 0;
  let isQuoted = false;
  let isFieldStart = true;
  for (let i = 0; i <= text.length; i++) {
    const character = text[i];
    if (isQuoted ? character === '"' : character === '"' && isFieldStart) isQuoted = !isQuoted; // a doubled quote toggles twice
    isFieldStart = character === ',' || character === '\n' || (character === '"' && !isQuoted);
    if (character === undefined || (character === '\n' && !isQuoted)) {
      found.push(text.slice(start, i));
      start = i + 1;
    }
  }
  return found.filter((record) => record.trim());
}

/**
 * Saves a file through the browser's download.
 * @param {string} name
 * @param {string | Blob} content
 * @param {string} [type]
 */
export function save(name, content, type = 'text/csv') {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}
