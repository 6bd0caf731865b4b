// Makes CSV (RFC 4180) of what is on screen.

/** A text that a spreadsheet would take for a formula gets an apostrophe in front. */
function cell(value) {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const csv = (rows) => rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');

/** Hands a file to the browser. */
export function save(name, content, type = 'text/csv') {
  const file = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  Object.assign(document.createElement('a'), { href: file, download: name }).click();
  URL.revokeObjectURL(file);
}

/** The records of a CSV text; a field that begins with a quote may hold line ends. */
export function records(text) {
  const found = [];
  let begin = 0;
  let isQuoted = false;
  let isBegin = true; // of a field
  for (let i = 0; i <= text.length; i++) {
    const sign = text[i];
    if (isQuoted ? sign === '"' : sign === '"' && isBegin) isQuoted = !isQuoted; // a doubled one ends it and begins it again
    isBegin = sign === ',' || sign === '\n' || (sign === '"' && !isQuoted);
    if (sign === undefined || (sign === '\n' && !isQuoted)) {
      found.push(text.slice(begin, i));
      begin = i + 1;
    }
  }
  return found.filter((record) => record.trim());
}
