// One link: what it is, its last hour, its numbers and what was done to it.
import { ask, path } from './api.js';
import { attempt, el, replace, table } from './dom.js';
import { copy, edit, publish, showQr, turn } from './linkactions.js';
import { HERE, count, dateAndClock } from './format.js';
import { lastHour } from './hourpanel.js';
import { Report, ofLink } from './report.js';
import { address } from './route.js';

const LOOKED_AT = 200; // entries of the owner's

export function link(here) {
  const { name: code, owner, signal } = here;
  const head = el('header', { class: 'head' }, el('h1', null, code));
  const changes = el('section', { class: 'card changes' });
  const report = new Report(ofLink(code), signal);
  const hour = lastHour(here, { link: code }, { moved: () => report.stale() });
  const read = async () => {
    try {
      const one = await ask(path`/v1/links/${code}`, { signal });
      replace(head, about(one, read));
      replace(changes, await history(one, owner, signal));
    } catch (failure) {
      if (!signal.aborted) replace(head, el('h1', null, code), el('p', { class: 'problem', role: 'alert' }, failure.message));
    }
  };
  read();
  return {
    title: code,
    element: el('div', null, head, hour, report.element, changes),
    update: () => report.update(),
  };
}

function about(one, again) {
  return [
    el('h1', null, one.title ?? one.code),
    el('p', null, el('a', { href: one.shortUrl, rel: 'noreferrer' }, one.shortUrl), ' ', el('button', { class: 'second', type: 'button', onclick: attempt(({ target }) => copy(one.shortUrl, target)) }, 'Copy'),
      el('span', { class: `state ${one.state}` }, one.state)),
    el('p', { class: 'soft destination' }, 'Destination: ', el('a', { href: one.destination, rel: 'noreferrer' }, one.destination)),
    el('p', null, (one.tags ?? []).map((tag) => el('a', { class: 'chip', href: address('links', '', new URLSearchParams({ tag })) }, tag)),
      one.imported && el('span', { class: 'soft' }, `${one.imported.source} had counted ${count(one.imported.clicks)} clicks before the import. No total includes them.`)),
    el('div', { class: 'actions' },
      el('button', { type: 'button', 'data-key': 'edit', onclick: attempt(() => edit(one, again)) }, 'Edit'),
      el('button', { type: 'button', class: 'second', 'data-key': 'turn', onclick: attempt(() => turn(one, again)) }, one.enabled ? 'Disable' : 'Enable'),
      el('button', { type: 'button', class: 'second', onclick: attempt(() => showQr(one)) }, 'QR code'),
      el('button', { type: 'button', class: 'second', onclick: attempt(() => publish(one)) }, 'Public statistics')),
  ];
}

/** What was done to a link: what the numbers are to be read with. */
async function history(one, owner, signal) {
  const title = 'Change history';
  const rows = [[dateAndClock(Date.parse(one.createdAt), HERE), 'created', '']];
  let note = null;
  try {
    const { entries } = await ask(path`/v1/owners/${owner}/audit`, { query: new URLSearchParams({ limit: LOOKED_AT }), signal });
    rows.unshift(...entries.filter(({ subject, action }) => subject === one.code && action !== 'link.created').map(({ at, action, changes }) =>
      [dateAndClock(Date.parse(at), HERE), action, Object.entries(changes).map(([field, [was, is]]) => `${field}: ${say(was)} → ${say(is)}`).join('; ')]));
    if (entries.length === LOOKED_AT) note = `Only the newest ${LOOKED_AT} changes of all links were searched. The API returns older changes.`;
  } catch (failure) {
    note = `Later changes cannot be shown: ${failure.message}`;
  }
  return [el('h2', null, title), el('div', { class: 'scroll', tabindex: 0 }, table(title, ['Time', 'Action', 'Changes'], rows)),
    note && el('p', { class: 'soft' }, note)];
}

const say = (value) => (value === null || value === undefined || value === '' ? 'empty' : typeof value === 'object' ? JSON.stringify(value) : String(value));
