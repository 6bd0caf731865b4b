// Creates elements. All texts are inserted as text, never as markup.
/** @import { Attributes, Child, Head } from './types.js' */
import { messageOf } from './api.js';

/**
 * Creates an HTML element.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Attributes | null} [attributes]
 * @param {...Child} children
 */
export function el(name, attributes, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/**
 * Creates an SVG element.
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} name
 * @param {Attributes | null} [attributes]
 * @param {...Child} children
 */
export function svg(name, attributes, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

/**
 * @template {Element} E
 * @param {E} element
 * @param {Attributes | null | undefined} attributes
 * @param {Child[]} children
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === 'function') element.addEventListener(name.slice('on'.length), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  element.append(...nodes(children));
  return element;
}

/**
 * Flattens children and drops the empty ones.
 * @param {Child[]} children
 * @returns {(Node | string)[]}
 */
function nodes(children) {
  const flat = /** @type {any[]} */ (children).flat(Infinity); // the type checker cannot flatten a recursive type
  return flat.filter((child) => child != null && child !== false);
}

/**
 * Creates a table.
 * @param {string} caption
 * @param {Head[]} heads
 * @param {Child[][]} rows
 */
export function table(caption, heads, rows) {
  const columns = heads.map((head) => (Array.isArray(head) ? { text: head[0], kind: head[1] } : { text: head, kind: undefined }));
  return el('table', null,
    el('caption', { class: 'visually-hidden' }, caption),
    el('thead', null, el('tr', null, columns.map(({ text, kind }) => el('th', { scope: 'col', class: kind }, text)))),
    el('tbody', null, rows.map((cells) => el('tr', null, cells.map((cell, i) => el('td', { class: columns[i].kind }, cell))))));
}

/**
 * Opens a dialog. Closing it removes it from the page.
 * @param {string} title
 * @param {...Child} children
 */
export function dialog(title, ...children) {
  /** @type {HTMLDialogElement} */
  const box = el('dialog', { 'aria-label': title, onclose: () => box.remove() },
    el('header', null, el('h2', null, title),
      el('button', { type: 'button', class: 'plain', 'aria-label': 'Close', onclick: () => box.close() }, '✕')),
    children);
  document.body.append(box);
  box.showModal();
  return box;
}

/**
 * Creates list items of texts.
 * @param {string[]} texts
 */
export const listItems = (texts) => texts.map((text) => el('li', null, text));

/**
 * Creates a drop-down list.
 * @param {[value: string, text: string][]} options
 * @param {string} selected
 * @param {(value: string) => void} onchange
 * @param {Attributes} [attributes]
 */
export function select(options, selected, onchange, attributes) {
  return el('select', { ...attributes, onchange: (event) => onchange(event.target.value) },
    options.map(([value, text]) => el('option', { value, selected: value === selected }, text)));
}

/**
 * Replaces the children of an element. The focus moves to the new element with the same `data-key`, and a scrolled list keeps
 * its position.
 * @param {Element} parent
 * @param {...Child} children
 */
export function replaceContent(parent, ...children) {
  const focused = document.activeElement;
  const key = focused instanceof HTMLElement && parent.contains(focused) && focused.dataset.key;
  const scrolled = parent.querySelector('.scroll')?.scrollTop;
  parent.replaceChildren(...nodes(children).filter(Boolean));
  const successor = key ? parent.querySelector(`[data-key="${CSS.escape(key)}"]`) : null;
  if (successor instanceof HTMLElement) successor.focus({ preventScroll: true });
  if (scrolled) parent.querySelector('.scroll')?.scrollTo(0, scrolled);
}

/**
 * Returns a listener that shows the errors of another listener in a dialog.
 * @param {(event: any) => unknown} listener
 */
export function withErrorDialog(listener) {
  return async (/** @type {unknown} */ event) => {
    try {
      await listener(event);
    } catch (failure) {
      dialog('Action failed', el('p', { class: 'error', role: 'alert' }, messageOf(failure)));
    }
  };
}

/**
 * Calls a function periodically while the page is visible, until the signal is aborted.
 * @param {number} period in milliseconds
 * @param {() => void} call
 * @param {AbortSignal} signal
 */
export function repeatWhileVisible(period, call, signal) {
  const timer = setInterval(() => document.hidden || call(), period);
  signal.addEventListener('abort', () => clearInterval(timer));
}
