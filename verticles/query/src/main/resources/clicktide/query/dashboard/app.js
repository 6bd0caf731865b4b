// The frame of all pages: the session, the current page, and the freshness of its counts.
/** @import { LiveListener, LiveSubject, Page, PageContext } from './types.js' */
/** @import { HourCounts } from './hourcounts.js' */
import { ask, messageOf, path, session } from './api.js';
import { now } from './clock.js';
import { el } from './dom.js';
import { timeAgo } from './format.js';
import { imports } from './imports.js';
import { leaderboard } from './leaderboard.js';
import { link } from './link.js';
import { links } from './links.js';
import { LiveSocket } from './livesocket.js';
import { overview } from './overview.js';
import { route } from './route.js';

/** @type {Record<string, (page: PageContext) => Page>} */
const PAGES = { '': overview, links, link, live: leaderboard, import: imports };
const LATE = 10_000; // ms of freshness from which it is highlighted

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const main = byId('main');
const navigation = /** @type {HTMLElement} */ (document.querySelector('nav'));

let leaving = new AbortController(); // aborted when the user leaves the page
/** @type {{ key: string | null, update?: () => void }} */
let shown = { key: null };
/** @type {LiveSocket | null} */
let socket = null;
/** The counts whose freshness is shown. @type {HourCounts | null} */
let counts = null;
let isLoaded = false; // the first page does not take the focus

function show() {
  const here = route();
  const name = here.page === 'links' && here.name ? 'link' : here.page;
  const { key: apiKey, owner } = session;
  const key = `${name} ${here.name} ${owner}`;
  if (apiKey && key === shown.key) {
    shown.update?.();
    return;
  }
  leaving.abort();
  leaving = new AbortController();
  document.querySelectorAll('dialog').forEach((box) => box.close());
  navigation.hidden = !apiKey;
  byId('sign-out').hidden = !apiKey;
  byId('connection').textContent = '';
  counts = null;
  if (!apiKey || !owner) {
    shown = { key: null };
    showPage('Sign in', signIn());
    return;
  }
  const build = Object.hasOwn(PAGES, name) ? PAGES[name] : notFound;
  const page = build({ ...here, owner, watch, signal: leaving.signal });
  shown = { key, update: page.update };
  showPage(page.title, page.element);
  for (const entry of navigation.querySelectorAll('a')) {
    if (entry.hash.slice(2) === here.page) entry.setAttribute('aria-current', 'page');
    else entry.removeAttribute('aria-current');
  }
}

/**
 * @param {string} title
 * @param {Element} element
 */
function showPage(title, element) {
  document.title = `${title} – Clicktide`;
  main.replaceChildren(element);
  if (isLoaded && document.activeElement === document.body) main.focus({ preventScroll: true });
  isLoaded = true;
  scrollTo(0, 0);
}

/**
 * Subscribes the current page to live counts. Their freshness is shown in the header.
 * @param {LiveSubject} subject
 * @param {LiveListener} listener
 */
function watch(subject, listener) {
  socket ??= new LiveSocket((message) => { byId('connection').textContent = message ?? ''; });
  socket.subscribe(subject, (newest, hasChanged) => {
    counts = newest;
    listener(newest, hasChanged);
  }, leaving.signal);
}

function showFreshness() {
  const watermark = counts?.freshThrough;
  byId('fresh').textContent = watermark ? `Updated ${timeAgo(watermark)}` : '';
  byId('fresh').classList.toggle('late', Boolean(watermark) && now() - Number(watermark) > LATE);
}

/** @returns {Page} */
const notFound = () => ({
  title: 'Not found',
  element: el('section', null, el('h1', null, 'Page not found'), el('p', null, el('a', { href: '#/' }, 'Overview'))),
});

function signIn() {
  const keyField = el('input', { type: 'password', name: 'key', required: true, autocomplete: 'off', placeholder: 'ct_…' });
  const ownerField = el('input', { name: 'owner', autocomplete: 'off', placeholder: 'own_…' });
  const details = el('details', null, el('summary', null, 'Use an administrator key'), el('label', null, 'Owner ID', ownerField));
  const error = el('p', { class: 'error', role: 'alert' });
  const submit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    error.textContent = '';
    const key = keyField.value.trim();
    try {
      /** @type {import('./types.js').Me} */
      const me = await ask('/v1/me', { key });
      const owner = me.ownerId ?? ownerField.value.trim();
      if (!owner) {
        details.open = true;
        throw new Error('This is an administrator key. `Owner ID` is required.');
      }
      if (!me.ownerId) await ask(path`/v1/owners/${owner}`, { key });
      session.open(key, owner);
      show();
    } catch (failure) {
      error.textContent = messageOf(failure);
    }
  };
  return el('form', { class: 'card signin', onsubmit: submit },
    el('h1', null, 'Sign in'),
    el('p', { class: 'muted' },
      'Enter an API key. The key is stored in this tab only, until the tab is closed. ',
      'The first key is in the file owner.key of the data folder.'),
    el('label', null, 'API key', keyField),
    details,
    error,
    el('button', null, 'Sign in'));
}

byId('zones').append(...['UTC', ...Intl.supportedValuesOf('timeZone')].map((value) => el('option', { value })));
byId('sign-out').addEventListener('click', () => session.close());
addEventListener('signedout', () => {
  socket?.close();
  socket = null;
  show();
});
addEventListener('hashchange', show);
document.querySelector('.skip')?.addEventListener('click', (event) => {
  event.preventDefault(); // the fragment of the address is the page
  main.focus();
});
setInterval(showFreshness, 1000);
show();
