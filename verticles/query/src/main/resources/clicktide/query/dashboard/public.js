// Shows the numbers of a link to anybody. The server asks for a password where there is one, and the browser remembers it.
import { path } from './api.js';
import { Columns, pointsOf } from './charts.js';
import { el, items, table } from './dom.js';
import { count, dateAndClock, named, percent, remarks } from './format.js';

const code = decodeURIComponent(location.pathname.slice('/public/'.length));
const at = (id) => document.getElementById(id);
const DIMENSIONS = { country: 'Countries', referrer: 'Referrers', device: 'Devices', browser: 'Browsers' };

async function ask(query) {
  const answer = await fetch(`${path`/v1/public/links/${code}/analytics`}?interval=30d&${query}`);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail);
  return body;
}

async function broken(dimension, title) {
  const { series, totals } = await ask(`bucket=total&traffic=human&limit=10&dimensions=${dimension}`);
  const rows = series.map((row) => [named(dimension, row[dimension]), count(row.clicks), percent(row.clicks, totals.clicks.total)]);
  return el('section', { class: 'card panel' }, el('h2', null, title), table(title, [title, ['Clicks', 'number'], ['Share', 'number']], rows));
}

async function show() {
  at('code').textContent = code;
  const days = await ask('bucket=day&traffic=human');
  const all = await ask('bucket=total');
  at('fresh').textContent = `Updated ${dateAndClock(Date.parse(days.freshThrough))}`;
  const chart = new Columns('Human clicks by day (UTC)');
  chart.show(pointsOf(days));
  const figure = (name, value) => el('div', null, el('dt', null, name), el('dd', null, value));
  at('numbers').replaceChildren(
    el('dl', { class: 'figures' }, figure('Human clicks (30 days)', count(all.totals.clicks.human)), figure('Bot clicks (30 days)', count(all.totals.clicks.bot))),
    el('section', { class: 'card' }, chart.element, el('ul', { class: 'remarks' }, items(remarks(days.meta)))),
    el('div', { class: 'panels' }, await Promise.all(Object.entries(DIMENSIONS).map(([dimension, title]) => broken(dimension, title)))));
}

show().catch((failure) => {
  at('problem').textContent = failure.message;
});
