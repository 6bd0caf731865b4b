// The settings of a report: range, buckets, traffic, time zone, comparison and filters.
/** @import { Child } from './types.js' */
/** @import { ReportQuery } from './reportquery.js' */
import { el, select } from './dom.js';
import { HERE, dayOf, valueLabel } from './format.js';
import { DIMENSIONS } from './reportquery.js';
import { change } from './route.js';

const RANGES = {
  '1h': 'Last hour', '24h': 'Last 24 hours', '7d': 'Last 7 days', '30d': 'Last 30 days', '90d': 'Last 90 days', '1y': 'Last 12 months',
  mtd: 'This month', ytd: 'This year', all: 'All time', custom: 'Custom range',
};
const BUCKETS = { '': 'Automatic', minute: 'Minute', quarter: '15 minutes', hour: 'Hour', day: 'Day', week: 'Week', month: 'Month' };
const TRAFFIC = { '': 'All traffic', human: 'Humans only', bot: 'Bots only' };

export class Controls {
  #fields = el('form', {
    class: 'controls', 'aria-label': 'Report settings', onsubmit: (/** @type {Event} */ event) => event.preventDefault(),
  });
  #filters = el('div', { class: 'filters' });
  #export;

  /** @param {() => void} onExport */
  constructor(onExport) {
    this.#export = el('button', { type: 'button', class: 'secondary', disabled: true, onclick: onExport }, 'Export CSV');
    this.element = el('div', null, this.#fields, this.#filters);
  }

  /** @param {boolean} isEnabled */
  enableExport(isEnabled) {
    this.#export.disabled = !isEnabled;
  }

  /**
   * Shows a query. The focused field keeps the focus.
   * @param {ReportQuery} query
   */
  show(query) {
    const focused = document.activeElement;
    const focusedName = focused && this.#fields.contains(focused) && focused.getAttribute('name');
    const isCustom = query.interval === 'custom';
    this.#fields.replaceChildren(
      labelled('Range', parameter('interval', RANGES, query.interval)),
      ...(isCustom ? [labelled('From', day(query, 'from')), labelled('To', day(query, 'through'))] : []),
      labelled('Group by', parameter('bucket', BUCKETS, query.get('bucket') ?? '')),
      labelled('Traffic', parameter('traffic', TRAFFIC, query.get('traffic') ?? '')),
      labelled('Time zone', zone(query)),
      comparison(query),
      this.#export);
    const successor = focusedName && this.#fields.elements.namedItem(focusedName);
    if (successor instanceof HTMLElement) successor.focus();
    this.#filters.replaceChildren(...Object.entries(query.filters).map(([name, value]) => chip(name, value)));
  }
}

/**
 * @param {string} text
 * @param {Child} field
 */
const labelled = (text, field) => el('label', null, text, field);

/**
 * Creates a drop-down list for a parameter of the query.
 * @param {string} name
 * @param {Record<string, string>} options
 * @param {string} selected
 */
const parameter = (name, options, selected) => select(Object.entries(options), selected, (value) => change({ [name]: value }), { name });

/**
 * Creates a date field. A date is applied when the field is left or on Enter, because it is typed part by part.
 * @param {ReportQuery} query
 * @param {string} name
 */
function day(query, name) {
  const apply = () => {
    if (field.value && field.value !== query.get(name)) change({ [name]: field.value });
  };
  const field = el('input', {
    type: 'date', name, required: true, value: query.get(name) ?? dayOf(Date.now(), query.zone),
    onblur: apply,
    onkeydown: (/** @type {KeyboardEvent} */ { key }) => key === 'Enter' && apply(),
  });
  return field;
}

/** @param {ReportQuery} query */
function zone(query) {
  /** @type {HTMLInputElement} */
  const field = el('input', {
    name: 'tz', list: 'zones', value: query.zone, autocomplete: 'off', spellcheck: 'false',
    oninput: () => isZone(field.value) && applyZone(field), // selected from the list
    onchange: () => applyZone(field),
    onkeydown: (/** @type {KeyboardEvent} */ { key }) => key === 'Enter' && applyZone(field),
  });
  return field;
}

/** @param {HTMLInputElement} field */
function applyZone(field) {
  field.setCustomValidity(isZone(field.value) || !field.value ? '' : '`Time zone` must be an IANA name, for example Europe/Berlin.');
  const listed = [...document.querySelectorAll('#zones option')].map((option) => option.getAttribute('value') ?? '');
  const name = listed.find((value) => value.toLowerCase() === field.value.toLowerCase()) ?? field.value;
  if (field.reportValidity()) change({ tz: name === HERE ? null : name });
}

/**
 * Checks if a zone is known. The list has one name per zone; aliases are accepted as well.
 * @param {string} name
 */
function isZone(name) {
  try {
    return /^[A-Za-z]/.test(name) && Boolean(new Intl.DateTimeFormat(undefined, { timeZone: name }));
  } catch {
    return false;
  }
}

/** @param {ReportQuery} query */
function comparison(query) {
  /** @type {HTMLInputElement} */
  const box = el('input', {
    type: 'checkbox', name: 'compare', checked: query.get('compare') !== null,
    onchange: () => change({ compare: box.checked && 'previous' }),
  });
  return el('label', { class: 'check' }, box, 'Compare with previous period');
}

/**
 * Creates the button that removes a filter.
 * @param {string} name
 * @param {string} value
 */
function chip(name, value) {
  const labels = value.split(',').map((one) => (one.startsWith('-') ? `not ${valueLabel(name, one.slice(1))}` : valueLabel(name, one)));
  const text = `${DIMENSIONS[name] ?? 'Tag'}: ${labels.join(', ')}`;
  return el('button', {
    type: 'button', class: 'chip', 'aria-label': `Remove filter ${text}`, onclick: () => change({ [name]: null }),
  }, text, ' ✕');
}
