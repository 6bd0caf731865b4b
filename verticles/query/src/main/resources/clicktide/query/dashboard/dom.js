// Makes elements. Text is only ever text: nothing here, or anywhere else, reads markup.

/** An HTML element; `on…` are listeners, true is an attribute without value, false and null are left out. */
export function el(name, attributes, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** The same for SVG. */
export function draw(name, attributes, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return element;
}

/** A table; a head is a text, or a text with a class: `['Clicks', 'number']`. Cells are texts or elements. */
export function table(caption, heads, rows) {
  const columns = heads.map((head) => [head].flat());
  return el('table', null,
    el('caption', { class: 'unseen' }, caption),
    el('thead', null, el('tr', null, columns.map(([text, kind]) => el('th', { scope: 'col', class: kind }, text)))),
    el('tbody', null, rows.map((cells) => el('tr', null, cells.map((cell, i) => el('td', { class: columns[i][1] }, cell))))));
}

/** A dialog that is there until it is closed. */
export function dialog(title, ...children) {
  const box = el('dialog', { 'aria-label': title, onclose: () => box.remove() },
    el('header', null, el('h2', null, title),
      el('button', { type: 'button', class: 'plain', 'aria-label': 'Close', onclick: () => box.close() }, '✕')),
    children);
  document.body.append(box);
  box.showModal();
  return box;
}

/** Sentences as the items of a list. */
export const items = (sentences) => sentences.map((sentence) => el('li', null, sentence));

/** A drop-down; options are values with their texts, in pairs. */
export function choice(options, chosen, onchange, attributes) {
  return el('select', { ...attributes, onchange: (event) => onchange(event.target.value) },
    options.map(([value, text]) => el('option', { value, selected: value === chosen }, text)));
}

/** Puts others in the place of children; the focus stays on what has the same `data-key`, a list stays where it was scrolled to. */
export function replace(parent, ...children) {
  const key = parent.contains(document.activeElement) && document.activeElement.dataset.key;
  const scrolled = parent.querySelector('.scroll')?.scrollTop;
  parent.replaceChildren(...children.flat(Infinity).filter(Boolean));
  if (key) parent.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
  if (scrolled) parent.querySelector('.scroll')?.scrollTo(0, scrolled);
}

/** A listener that may fail: then it says why. */
export function attempt(act) {
  return async (event) => {
    try {
      await act(event);
    } catch (failure) {
      dialog('Action failed', el('p', { class: 'problem', role: 'alert' }, failure.message));
    }
  };
}

/** Calls it every so many milliseconds while the page is seen, until the signal. */
export function every(milliseconds, call, signal) {
  const timer = setInterval(() => document.hidden || call(), milliseconds);
  signal.addEventListener('abort', () => clearInterval(timer));
}
