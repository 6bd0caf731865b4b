// The page of a link: its properties, its last hour, its report and its changes.
/** @import { AuditPage, Link, Page, PageContext } from './types.js' */
import { ask, messageOf, path } from './api.js';
import { el, replaceContent, table, withErrorDialog } from './dom.js';
import { HERE, count, dateAndTime } from './format.js';
import { hourPanel } from './hourpanel.js';
import { copy, editLink, editPublicStats, showQr, toggleLink } from './linkactions.js';
import { Report, linkSubject } from './report.js';
import { address } from './route.js';

const SEARCHED_ENTRIES = 200; // of the audit log of the owner

/**
 * @param {PageContext} page
 * @returns {Page}
 */
export function link(page) {
  const { name: code, owner, signal } = page;
  const head = el('header', { class: 'head' }, el('h1', null, code));
  const changes = el('section', { class: 'card changes' });
  const report = new Report(linkSubject(code), signal);
  const hour = hourPanel(page, { link: code }, { onClicks: () => report.markStale() });
  const read = async () => {
    try {
      /** @type {Link} */
      const shown = await ask(path`/v1/links/${code}`, { signal });
      replaceContent(head, properties(shown, read));
      replaceContent(changes, await changeHistory(shown, owner, signal));
    } catch (failure) {
      if (!signal.aborted) replaceContent(head, el('h1', null, code), el('p', { class: 'error', role: 'alert' }, messageOf(failure)));
    }
  };
  read();
  return {
    title: code,
    element: el('div', null, head, hour, report.element, changes),
    update: () => report.update(),
  };
}

/**
 * Creates the properties of a link and the buttons for its actions.
 * @param {Link} shown
 * @param {() => Promise<void>} reload
 */
function properties(shown, reload) {
  const { code, title, shortUrl, destination, state, tags = [], imported, enabled } = shown;
  /** @type {HTMLButtonElement} */
  const copyButton = el('button', {
    class: 'secondary', type: 'button', onclick: withErrorDialog(() => copy(shortUrl, copyButton)),
  }, 'Copy');
  return [
    el('h1', null, title ?? code),
    el('p', null, el('a', { href: shortUrl, rel: 'noreferrer' }, shortUrl), ' ', copyButton, el('span', { class: `state ${state}` }, state)),
    el('p', { class: 'muted destination' }, 'Destination: ', el('a', { href: destination, rel: 'noreferrer' }, destination)),
    el('p', null, tags.map((tag) => el('a', { class: 'chip', href: address('links', '', new URLSearchParams({ tag })) }, tag)),
      imported && el('span', { class: 'muted' },
        `${imported.source} had counted ${count(imported.clicks)} clicks before the import. No total includes them.`)),
    el('div', { class: 'actions' },
      el('button', { type: 'button', 'data-key': 'edit', onclick: withErrorDialog(() => editLink(code, reload)) }, 'Edit'),
      el('button', { type: 'button', class: 'secondary', 'data-key': 'toggle', onclick: withErrorDialog(() => toggleLink(shown, reload)) },
        enabled ? 'Disable' : 'Enable'),
      el('button', { type: 'button', class: 'secondary', onclick: withErrorDialog(() => showQr(shown)) }, 'QR code'),
      el('button', { type: 'button', class: 'secondary', onclick: withErrorDialog(() => editPublicStats(code)) }, 'Public statistics')),
  ];
}

/**
 * Creates the list of a link's changes.
 * @param {Link} shown
 * @param {string} owner
 * @param {AbortSignal} signal
 */
async function changeHistory(shown, owner, signal) {
  const title = 'Change history';
  const rows = [[dateAndTime(Date.parse(shown.createdAt), HERE), 'created', '']];
  let note = '';
  try {
    const query = new URLSearchParams({ limit: String(SEARCHED_ENTRIES) });
    /** @type {AuditPage} */
    const { entries } = await ask(path`/v1/owners/${owner}/audit`, { query, signal });
    const own = entries.filter(({ subject, action }) => subject === shown.code && action !== 'link.created');
    rows.unshift(...own.map(({ at, action, changes }) => [dateAndTime(Date.parse(at), HERE), action, changesText(changes)]));
    if (entries.length === SEARCHED_ENTRIES) {
      note = `Only the newest ${SEARCHED_ENTRIES} changes of all links were searched. The API returns older changes.`;
    }
  } catch (failure) {
    note = `Later changes cannot be shown: ${messageOf(failure)}`;
  }
  return [
    el('h2', null, title),
    el('div', { class: 'scroll', tabindex: 0 }, table(title, ['Time', 'Action', 'Changes'], rows)),
    note && el('p', { class: 'muted' }, note),
  ];
}

/** @param {Record<string, [unknown, unknown]>} changes */
const changesText = (changes) =>
  Object.entries(changes).map(([field, [before, after]]) => `${field}: ${valueText(before)} → ${valueText(after)}`).join('; ');

/** @param {unknown} value */
function valueText(value) {
  if (value === null || value === undefined || value === '') return 'empty';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
