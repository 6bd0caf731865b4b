// The page "Links": searching, sorting and creating links.
/** @import { Head, Link, LinkHour, LinkPage, Page, PageContext } from './types.js' */
import { ask, messageOf, topLinks } from './api.js';
import { sparkline } from './charts.js';
import { el, listItems, repeatWhileVisible, replaceContent, select, table, withErrorDialog } from './dom.js';
import { HERE, count, warningTexts } from './format.js';
import { copy, createLink, editLink, showQr, toggleLink } from './linkactions.js';
import { address, change, route } from './route.js';

const PAGE_SIZE = 50;
const MAX_SORTED = 1_000; // links
const RESPONSE_SIZE = 200; // links
const MAX_TOP_LINKS = 1_000;
const TYPING_PAUSE = 250; // ms without a key before a search starts
const HOUR_PERIOD = 2_000; // ms between two updates of the last hour
const REFRESH_PERIOD = 30_000; // ms
const UNKNOWN = '–';
/** @type {[string, string][]} */
const SORTS = [
  ['newest', 'Newest first'], ['clicks', 'Most clicks (30 days)'], ['hour', 'Most clicks (last hour)'], ['code', 'Code, A to Z'],
];
/** @type {[string, string][]} */
const STATES = [['', 'Any'], ['active', 'Active'], ['disabled', 'Disabled'], ['exhausted', 'Exhausted']];

/**
 * @param {PageContext} page
 * @returns {Page}
 */
export function links({ owner, watch, signal }) {
  /** @type {Link[]} */
  let found = [];
  /** @type {string | null} */
  let cursor = null;
  /** Clicks in 30 days by code. @type {Map<string, number>} */
  let clicks = new Map();
  /** The last hour by code, null before the first message. @type {Map<string, LinkHour> | null} */
  let hours = null;
  /** @type {AbortController | null} */
  let request = null;
  /** The error of the last search. @type {string | null} */
  let error = null;
  /** @type {string[]} */
  let warnings = [];
  let hasAllClicks = true; // false if further links had clicks in 30 days
  let hasAllHours = true; // false if further links had clicks in the last hour
  let limit = PAGE_SIZE;
  const list = el('div', { class: 'card link-list', tabindex: 0 });
  const more = el('div', { class: 'more' });
  const query = () => route().query;
  const sort = () => query().get('sort') ?? 'newest';

  async function load() {
    request?.abort();
    request = new AbortController();
    const either = AbortSignal.any([signal, request.signal]);
    try {
      const { links, next } = await search(either);
      const top = await topLinks(owner, { interval: '30d', tz: HERE, limit: String(MAX_TOP_LINKS) }, either);
      [found, cursor, error, warnings] = [links, next, null, warningTexts(top.meta)];
      clicks = new Map(top.links.map((one) => [one.code, one.clicks]));
      hasAllClicks = top.links.length < MAX_TOP_LINKS;
    } catch (failure) {
      if (either.aborted) return;
      error = messageOf(failure);
    }
    show();
  }

  /**
   * Reads as many links as are shown or sorted.
   * @param {AbortSignal} signal
   */
  async function search(signal) {
    const parameters = new URLSearchParams();
    for (const name of ['q', 'tag', 'state']) {
      const value = query().get(name);
      if (value) parameters.set(name, value);
    }
    parameters.set('ownerId', owner);
    parameters.set('limit', String(RESPONSE_SIZE));
    const max = sort() === 'newest' ? limit : MAX_SORTED;
    /** @type {Link[]} */
    const links = [];
    /** @type {string | null} */
    let next = null;
    do {
      if (next) parameters.set('cursor', next);
      /** @type {LinkPage} */
      const page = await ask('/v1/links', { query: parameters, signal });
      links.push(...page.links);
      next = page.nextCursor ?? null;
    } while (next && links.length < max);
    return { links, next };
  }

  function sorted() {
    /** @type {Record<string, (a: Link, b: Link) => number>} */
    const orders = {
      clicks: (a, b) => (clicks.get(b.code) ?? 0) - (clicks.get(a.code) ?? 0),
      hour: (a, b) => (hours?.get(b.code)?.hour ?? 0) - (hours?.get(a.code)?.hour ?? 0),
      code: (a, b) => a.code.localeCompare(b.code),
    };
    const order = orders[sort()];
    return (order ? found.toSorted(order) : found).slice(0, limit);
  }

  /**
   * @param {string} text
   * @param {string} label
   * @param {(button: HTMLButtonElement) => unknown} action
   */
  function actionButton(text, label, action) {
    /** @type {HTMLButtonElement} */
    const button = el('button', {
      class: 'secondary', type: 'button', 'aria-label': label, 'data-key': label, onclick: withErrorDialog(() => action(button)),
    }, text);
    return button;
  }

  /** @param {Link} link */
  function cells(link) {
    const { code, shortUrl, title, destination, tags = [], state, enabled } = link;
    const hour = hours?.get(code);
    const isHourKnown = hour !== undefined || (hours !== null && hasAllHours);
    const monthClicks = clicks.get(code) ?? (hasAllClicks ? 0 : null);
    return [
      el('div', { class: 'named' },
        el('a', { href: address('links', code), 'data-key': code }, code),
        title && el('span', null, title), el('span', { class: 'muted' }, destination)),
      el('div', null, tags.map((tag) =>
        el('button', { class: 'chip', type: 'button', 'data-key': `${code} ${tag}`, onclick: () => change({ tag }) }, tag))),
      monthClicks === null ? UNKNOWN : count(monthClicks),
      el('div', { class: 'hour' },
        sparkline(hour?.minutes ?? [0], 'Clicks by minute in the last hour'),
        el('span', null, isHourKnown ? count(hour?.hour ?? 0) : UNKNOWN)),
      el('span', { class: `state ${state}` }, state),
      el('div', { class: 'actions' },
        actionButton('Copy', `Copy ${shortUrl}`, (button) => copy(shortUrl, button)),
        actionButton('QR', `QR code for ${code}`, () => showQr(link)),
        actionButton(enabled ? 'Disable' : 'Enable', `${enabled ? 'Disable' : 'Enable'} ${code}`, () => toggleLink(link, load)),
        actionButton('Edit', `Edit ${code}`, () => editLink(code, load))),
    ];
  }

  function emptyText() {
    if (error) return '';
    return query().size ? 'No links match.' : 'No links yet. Create the first one.';
  }

  function show() {
    const shown = sorted();
    /** @type {Head[]} */
    const heads = [
      'Link', 'Tags', ['30 days', 'number'], ['Last hour', 'number'], 'State', el('span', { class: 'visually-hidden' }, 'Actions'),
    ];
    replaceContent(list, shown.length === 0
      ? el('p', { class: 'muted' }, emptyText())
      : table('Links', heads, shown.map(cells)));
    const isPartlySorted = sort() !== 'newest' && cursor !== null;
    const hasMore = found.length > shown.length || (sort() === 'newest' && cursor !== null);
    const showMore = () => {
      limit += PAGE_SIZE;
      load();
    };
    replaceContent(more,
      error && el('p', { class: 'error', role: 'alert' }, error),
      el('ul', { class: 'warnings' }, listItems(warnings)),
      isPartlySorted && `Only the newest ${count(found.length)} matching links are sorted. `,
      hasMore && el('button', { class: 'secondary', type: 'button', 'data-key': 'more', onclick: showMore }, 'Show more'));
  }

  const controls = el('form', { class: 'controls', role: 'search', onsubmit: (/** @type {Event} */ event) => event.preventDefault() });
  const showControls = () => {
    if (controls.contains(document.activeElement)) return;
    const field = (/** @type {string} */ name, /** @type {Record<string, string>} */ attributes) => {
      /** @type {HTMLInputElement} */
      const input = el('input', { ...attributes, value: query().get(name) ?? '', oninput: () => searchLater(name, input.value) });
      return input;
    };
    const open = (/** @type {Link} */ created) => { location.hash = address('links', created.code); };
    controls.replaceChildren(
      el('label', null, 'Search', field('q', { type: 'search', placeholder: 'code, title or destination' })),
      el('label', null, 'Tags', field('tag', { placeholder: 'news, spring' })),
      el('label', null, 'State', select(STATES, query().get('state') ?? '', (state) => change({ state }))),
      el('label', null, 'Sort by', select(SORTS, sort(), (order) => change({ sort: order === 'newest' ? null : order }))),
      el('button', { type: 'button', onclick: () => createLink(owner, open) }, 'New link'));
  };
  let timer = 0;
  /** @type {Record<string, string>} */
  let typed = {};
  const searchLater = (/** @type {string} */ name, /** @type {string} */ value) => {
    typed = { ...typed, [name]: value.trim() };
    clearTimeout(timer);
    timer = setTimeout(() => signal.aborted || change(typed), TYPING_PAUSE);
  };
  const update = () => {
    limit = PAGE_SIZE;
    typed = {};
    [found, cursor] = [[], null];
    showControls();
    load();
  };
  watch({ owner }, (counts) => {
    hours = new Map(counts.view().links.map((one) => [one.code, one]));
    hasAllHours = !counts.isPartial;
  });
  repeatWhileVisible(HOUR_PERIOD, () => found.length && show(), signal);
  repeatWhileVisible(REFRESH_PERIOD, load, signal);
  update();
  return { title: 'Links', element: el('div', null, el('h1', null, 'Links'), controls, list, more), update };
}
