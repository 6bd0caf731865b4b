// The frame of all pages: who is signed in, which page is shown, and how fresh what is seen is. A page is made of where one
// is, the owner, a way to watch live counts and the signal of leaving; it gives its title, its element and what is to be done
// when only the query of the address changes.
import { ask, path, session } from './api.js';
import { board } from './leaderboard.js';
import { now } from './clock.js';
import { el } from './dom.js';
import { ago } from './format.js';
import { imports } from './imports.js';
import { link } from './link.js';
import { links } from './links.js';
import { Live } from './livesocket.js';
import { overview } from './overview.js';
import { route } from './route.js';

const PAGES = { '': overview, links, link, live: board, import: imports };
const LATE = 10_000;
const main = document.querySelector('main');
const at = (id) => document.getElementById(id);

let leaving = new AbortController();
let shown = { key: null, update: null };
let socket = null;
let hour = null;
let hasBegun = false; // at first the focus is the browser's

function show() {
  const here = route();
  const name = here.page === 'links' && here.name ? 'link' : here.page;
  const key = `${name} ${here.name} ${session.owner}`;
  if (session.key && key === shown.key) {
    shown.update?.();
    return;
  }
  leaving.abort();
  leaving = new AbortController();
  document.querySelectorAll('dialog').forEach((box) => box.close());
  document.querySelector('nav').hidden = !session.key;
  at('leave').hidden = !session.key;
  at('trouble').textContent = '';
  hour = null;
  if (!session.key) {
    shown = { key: null };
    set('Sign in', signIn());
    return;
  }
  const page = PAGES[name] ?? missing;
  const { title, element, update } = page({ ...here, owner: session.owner, watch, signal: leaving.signal });
  shown = { key, update };
  set(title, element);
  for (const entry of document.querySelectorAll('nav a')) {
    const isHere = entry.hash.slice(2) === here.page;
    if (isHere) entry.setAttribute('aria-current', 'page');
    else entry.removeAttribute('aria-current');
  }
}

function set(title, element) {
  document.title = `${title} – Clicktide`;
  main.replaceChildren(element);
  if (hasBegun && document.activeElement === document.body) main.focus({ preventScroll: true });
  hasBegun = true;
  scrollTo(0, 0);
}

/** Hears of what a page watches; its freshness is shown above. */
function watch(subject, heard) {
  socket ??= new Live((trouble) => { at('trouble').textContent = trouble ?? ''; });
  socket.watch(subject, (newest, hasMoved) => {
    hour = newest;
    heard(newest, hasMoved);
  }, leaving.signal);
}

function freshness() {
  const through = hour?.freshThrough;
  at('fresh').textContent = through ? `Updated ${ago(through)}` : '';
  at('fresh').classList.toggle('late', Boolean(through) && now() - through > LATE);
}

const missing = () => ({ title: 'Not found', element: el('section', null, el('h1', null, 'Page not found'), el('p', null, el('a', { href: '#/' }, 'Overview'))) });

function signIn() {
  const key = el('input', { type: 'password', name: 'key', required: true, autocomplete: 'off', placeholder: 'ct_…' });
  const owner = el('input', { name: 'owner', autocomplete: 'off', placeholder: 'own_…' });
  const problem = el('p', { class: 'problem', role: 'alert' });
  const enter = async (event) => {
    event.preventDefault();
    problem.textContent = '';
    try {
      const me = await ask('/v1/me', { key: key.value.trim() });
      const whose = me.ownerId ?? owner.value.trim();
      if (!whose) {
        owner.closest('details').open = true;
        throw new Error('This is an administrator key. `Owner ID` is required.');
      }
      if (!me.ownerId) await ask(path`/v1/owners/${whose}`, { key: key.value.trim() });
      session.open(key.value.trim(), whose);
      show();
    } catch (failure) {
      problem.textContent = failure.message;
    }
  };
  return el('form', { class: 'card signin', onsubmit: enter },
    el('h1', null, 'Sign in'),
    el('p', { class: 'soft' }, 'Enter an API key. The key is stored in this tab only, until the tab is closed. The first key is in the file owner.key of the data folder.'),
    el('label', null, 'API key', key),
    el('details', null, el('summary', null, 'Use an administrator key'), el('label', null, 'Owner ID', owner)),
    problem,
    el('button', null, 'Sign in'));
}

at('zones').append(...['UTC', ...Intl.supportedValuesOf('timeZone')].map((value) => el('option', { value })));
at('leave').addEventListener('click', () => session.close());
addEventListener('signedout', () => { socket?.close(); socket = null; show(); });
addEventListener('hashchange', show);
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault(); // the address says which page is shown
  main.focus();
});
setInterval(freshness, 1000);
show();
