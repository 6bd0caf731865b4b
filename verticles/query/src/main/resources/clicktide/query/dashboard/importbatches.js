// Splits the text of an import into the batches that one API call takes.
/** @import { ImportBatch } from './types.js' */
import { records } from './csv.js';

const BATCH_SIZE = 1_000; // records

/**
 * Returns the batches of a CSV text with a header row, of JSON, or of JSON objects on lines.
 * @param {string} text
 * @returns {Generator<ImportBatch>}
 */
export function* importBatches(text) {
  const trimmed = text.trim();
  if (trimmed.startsWith('[')) {
    for (const [body, first] of slices(JSON.parse(trimmed))) yield { type: 'application/json', body, first };
    return;
  }
  if (trimmed.startsWith('{')) {
    const lines = trimmed.split('\n').filter((line) => line.trim());
    const isOneObject = lines.length === 1 || !lines[0].trim().endsWith('}');
    if (isOneObject) yield { type: 'application/json', body: JSON.parse(trimmed), first: 0 };
    else for (const [some, first] of slices(lines)) yield { type: 'application/x-ndjson', body: some.join('\n'), first };
    return;
  }
  const [header, ...rows] = records(trimmed);
  for (const [some, first] of slices(rows.length > 0 ? rows : [''])) {
    yield { type: 'text/csv', body: [header, ...some].join('\n'), first };
  }
}

/**
 * Returns the slices of a list, each with the index of its first element.
 * @template T
 * @param {T[]} list
 * @returns {Generator<[T[], number]>}
 */
function* slices(list) {
  for (let i = 0; i < list.length; i += BATCH_SIZE) yield [list.slice(i, i + BATCH_SIZE), i];
}
