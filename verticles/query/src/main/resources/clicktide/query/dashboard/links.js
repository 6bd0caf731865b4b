// The links of an owner: found, sorted, made.
import { ask, topLinks } from './api.js';
import { sparkline } from './charts.js';
import { attempt, choice, el, every, items, replace, table } from './dom.js';
import { copy, edit, make, showQr, turn } from './linkactions.js';
import { HERE, count, remarks } from './format.js';
import { address, change, route } from './route.js';

const PAGE = 50;
const MOST_SORTED = 1_000;
const SEARCHED = 200; // links of an answer
const LEADERS = 1_000; // of which the leaderboard tells
const TYPED = 250; // ms without a key
const SORTS = [['newest', 'Newest first'], ['clicks', 'Most clicks (30 days)'], ['hour', 'Most clicks (last hour)'], ['code', 'Code, A to Z']];
const STATES = [['', 'Any'], ['active', 'Active'], ['disabled', 'Disabled'], ['exhausted', 'Exhausted']];
const UNKNOWN = '–';

export function links({ owner, watch, signal }) {
  let found = [];
  let cursor = null;
  let clicks = new Map();
  let hours = null; // nothing was heard yet
  let asked = null;
  let failed = null; // why the last search was not answered
  let notes = [];
  let isLed = true; // whether the leaderboard has all links
  let isPart = false; // whether the last hour has some links only
  let limit = PAGE;
  const rows = el('div', { class: 'card found', tabindex: 0 });
  const more = el('div', { class: 'more' });
  const query = () => route().query;
  const sort = () => query().get('sort') ?? 'newest';

  async function load() {
    asked?.abort();
    asked = new AbortController();
    const either = AbortSignal.any([signal, asked.signal]);
    const search = new URLSearchParams();
    for (const name of ['q', 'tag', 'state']) if (query().get(name)) search.set(name, query().get(name));
    search.set('ownerId', owner);
    search.set('limit', SEARCHED);
    const most = sort() === 'newest' ? limit : MOST_SORTED;
    const pages = [];
    let next = null;
    try {
      do {
        if (next) search.set('cursor', next);
        const page = await ask('/v1/links', { query: search, signal: either });
        pages.push(...page.links);
        next = page.nextCursor ?? null;
      } while (next && pages.length < most);
      const top = await topLinks(owner, { interval: '30d', tz: HERE, limit: LEADERS }, either);
      [found, cursor, failed, notes] = [pages, next, null, remarks(top.meta)];
      clicks = new Map(top.links.map((one) => [one.code, one.clicks]));
      isLed = top.links.length < LEADERS;
    } catch (failure) {
      if (either.aborted) return;
      failed = failure.message;
    }
    show();
  }

  function sorted() {
    const by = {
      clicks: (a, b) => (clicks.get(b.code) ?? 0) - (clicks.get(a.code) ?? 0),
      hour: (a, b) => (hours?.get(b.code)?.hour ?? 0) - (hours?.get(a.code)?.hour ?? 0),
      code: (a, b) => a.code.localeCompare(b.code),
    }[sort()];
    return (by ? found.toSorted(by) : found).slice(0, limit);
  }

  const button = (text, about, act) =>
    el('button', { class: 'second', type: 'button', 'aria-label': about, 'data-key': about, onclick: attempt(act) }, text);

  function cells(one) {
    const hour = hours?.get(one.code);
    const isHourKnown = hour || (hours && !isPart);
    const known = clicks.get(one.code) ?? (isLed ? 0 : null);
    return [
      el('div', { class: 'named' }, el('a', { href: address('links', one.code), 'data-key': one.code }, one.code), one.title && el('span', null, one.title), el('span', { class: 'soft' }, one.destination)),
      el('div', null, (one.tags ?? []).map((tag) => el('button', { class: 'chip', type: 'button', 'data-key': `${one.code} ${tag}`, onclick: () => change({ tag }) }, tag))),
      known === null ? UNKNOWN : count(known),
      el('div', { class: 'hour' }, sparkline(hour?.minutes ?? [0], 'Clicks by minute in the last hour'), el('span', null, isHourKnown ? count(hour?.hour ?? 0) : UNKNOWN)),
      el('span', { class: `state ${one.state}` }, one.state),
      el('div', { class: 'actions' },
        button('Copy', `Copy ${one.shortUrl}`, ({ target }) => copy(one.shortUrl, target)),
        button('QR', `QR code for ${one.code}`, () => showQr(one)),
        button(one.enabled ? 'Disable' : 'Enable', `${one.enabled ? 'Disable' : 'Enable'} ${one.code}`, () => turn(one, load)),
        button('Edit', `Edit ${one.code}`, () => edit(one, load))),
    ];
  }

  function show() {
    const shown = sorted();
    replace(rows, shown.length === 0
      ? el('p', { class: 'soft' }, failed ? '' : query().size ? 'No links match.' : 'No links yet. Create the first one.')
      : table('Links', ['Link', 'Tags', ['30 days', 'number'], ['Last hour', 'number'], 'State', el('span', { class: 'unseen' }, 'Actions')], shown.map(cells)));
    const isCut = sort() !== 'newest' && cursor && `Only the newest ${count(found.length)} matching links are sorted. `;
    const isMore = found.length > shown.length || (sort() === 'newest' && cursor);
    replace(more,
      failed && el('p', { class: 'problem', role: 'alert' }, failed),
      el('ul', { class: 'remarks' }, items(notes)),
      isCut,
      isMore && el('button', { class: 'second', type: 'button', 'data-key': 'more', onclick: () => { limit += PAGE; load(); } }, 'Show more'));
  }

  const controls = el('form', { class: 'controls', role: 'search', onsubmit: (event) => event.preventDefault() });
  const control = () => {
    if (controls.contains(document.activeElement)) return;
    const field = (name, attributes) => el('input', { ...attributes, value: query().get(name) ?? '', oninput: (event) => later(name, event.target.value) });
    controls.replaceChildren(
      el('label', null, 'Search', field('q', { type: 'search', placeholder: 'code, title or destination' })),
      el('label', null, 'Tags', field('tag', { placeholder: 'news, spring' })),
      el('label', null, 'State', choice(STATES, query().get('state') ?? '', (state) => change({ state }))),
      el('label', null, 'Sort by', choice(SORTS, sort(), (order) => change({ sort: order === 'newest' ? null : order }))),
      el('button', { type: 'button', onclick: () => make(owner, (one) => { location.hash = address('links', one.code); }) }, 'New link'));
  };
  let timer = null;
  let typed = {};
  const later = (name, value) => {
    typed = { ...typed, [name]: value.trim() };
    clearTimeout(timer);
    timer = setTimeout(() => signal.aborted || change(typed), TYPED);
  };
  const update = () => {
    limit = PAGE;
    typed = {};
    [found, cursor] = [[], null];
    control();
    load();
  };
  watch({ owner }, (newest) => {
    hours = new Map(newest.look().links.map((one) => [one.code, one]));
    isPart = newest.isPart;
  });
  every(2000, () => found.length && show(), signal);
  every(30_000, load, signal);
  update();
  return { title: 'Links', element: el('div', null, el('h1', null, 'Links'), controls, rows, more), update };
}
