// What is shown, to be chosen: range, buckets, traffic, zone and comparison, and the filters that are set.
import { choice, el } from './dom.js';
import { HERE, dayOf, named } from './format.js';
import { DIMENSIONS } from './reportquery.js';
import { change } from './route.js';

const RANGES = {
  '1h': 'Last hour', '24h': 'Last 24 hours', '7d': 'Last 7 days', '30d': 'Last 30 days', '90d': 'Last 90 days', '1y': 'Last 12 months',
  mtd: 'This month', ytd: 'This year', all: 'All time', custom: 'Custom range',
};
const BUCKETS = { '': 'Automatic', minute: 'Minute', quarter: '15 minutes', hour: 'Hour', day: 'Day', week: 'Week', month: 'Month' };
const TRAFFIC = { '': 'All traffic', human: 'Humans only', bot: 'Bots only' };

export class Controls {
  #fields = el('form', { class: 'controls', 'aria-label': 'Report settings', onsubmit: (event) => event.preventDefault() });
  #filters = el('div', { class: 'filters' });
  #export;

  /** `save` is called when the export is wanted. */
  constructor(save) {
    this.#export = el('button', { type: 'button', class: 'second', disabled: true, onclick: save }, 'Export CSV');
    this.element = el('div', null, this.#fields, this.#filters);
  }

  /** Whether there is something to export. */
  allow(isThere) {
    this.#export.disabled = !isThere;
  }

  /** Shows what is asked for. */
  show(question) {
    const interval = question.interval;
    const labelled = (text, field) => el('label', null, text, field);
    const day = (name) => el('input', {
      type: 'date', name, required: true, value: question.get(name) ?? dayOf(Date.now(), question.zone),
      onblur: ({ target }) => pick(name, target), // not while it is typed, part by part
      onkeydown: ({ key, target }) => key === 'Enter' && pick(name, target),
    });
    const pick = (name, { value }) => value && value !== question.get(name) && change({ [name]: value });
    const focused = this.#fields.contains(document.activeElement) && document.activeElement.name;
    this.#fields.replaceChildren(
      labelled('Range', choice(Object.entries(RANGES), interval, (value) => change({ interval: value }), { name: 'interval' })),
      ...(interval === 'custom' ? [labelled('From', day('from')), labelled('To', day('through'))] : []),
      labelled('Group by', choice(Object.entries(BUCKETS), question.get('bucket') ?? '', (value) => change({ bucket: value }), { name: 'bucket' })),
      labelled('Traffic', choice(Object.entries(TRAFFIC), question.get('traffic') ?? '', (value) => change({ traffic: value }), { name: 'traffic' })),
      labelled('Time zone', el('input', {
        name: 'tz', list: 'zones', value: question.zone, autocomplete: 'off', spellcheck: 'false',
        oninput: ({ target }) => isZone(target.value) && this.#rezone(target), // one that is picked from the list
        onchange: ({ target }) => this.#rezone(target),
        onkeydown: ({ key, target }) => key === 'Enter' && this.#rezone(target),
      })),
      el('label', { class: 'check' }, el('input', {
        type: 'checkbox', name: 'compare', checked: question.get('compare') !== null,
        onchange: (event) => change({ compare: event.target.checked && 'previous' }),
      }), 'Compare with previous period'),
      this.#export);
    if (focused) this.#fields.elements[focused]?.focus();
    this.#filters.replaceChildren(...Object.entries(question.filters).map(([name, value]) => chip(name, value)));
  }

  #rezone(field) {
    field.setCustomValidity(isZone(field.value) || !field.value ? '' : '`Time zone` must be an IANA name, for example Europe/Berlin.');
    const known = [...document.getElementById('zones').options].find(({ value }) => value.toLowerCase() === field.value.toLowerCase());
    const name = known?.value ?? field.value;
    if (field.reportValidity()) change({ tz: name === HERE ? null : name });
  }
}

/** The list has one name of each zone; others are right, too. */
function isZone(name) {
  try {
    return /^[A-Za-z]/.test(name) && Boolean(new Intl.DateTimeFormat(undefined, { timeZone: name }));
  } catch {
    return false;
  }
}

function chip(name, value) {
  const words = value.split(',').map((one) => (one.startsWith('-') ? `not ${named(name, one.slice(1))}` : named(name, one)));
  const text = `${DIMENSIONS[name] ?? 'Tag'}: ${words.join(', ')}`;
  return el('button', { type: 'button', class: 'chip', 'aria-label': `Remove filter ${text}`, onclick: () => change({ [name]: null }) }, text, ' ✕');
}
