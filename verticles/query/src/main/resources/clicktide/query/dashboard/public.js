// Shows the numbers of a link to anybody. The server asks for a password where there is one, and the browser remembers it.
import { path } from './api.js';
import { Columns } from './charts.js';
import { el, table } from './dom.js';
import { count, dateAndClock, moment, named, percent, remarks, tick } from './format.js';

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
  const fresh = Date.parse(days.freshThrough);
  at('fresh').textContent = `counted through ${dateAndClock(fresh)}`;
  const chart = new Columns('Clicks of people by day (UTC)');
  const starts = days.series.map(({ bucketStart }) => Date.parse(bucketStart));
  chart.show(days.series.map((day, i) => ({
    label: tick(starts[i], 'day', 'UTC'), long: moment(starts[i], 'day', 'UTC'), total: day.clicks, bots: 0,
    state: day.isFinalized ? 'final' : (starts[i + 1] ?? Infinity) > fresh ? 'open' : 'provisional',
  })));
  const figure = (name, value) => el('div', null, el('dt', null, name), el('dd', null, value));
  at('numbers').replaceChildren(
    el('dl', { class: 'figures' }, figure('Clicks of people in 30 days', count(all.totals.clicks.human)), figure('of machines', count(all.totals.clicks.bot))),
    el('section', { class: 'card' }, chart.element, el('ul', { class: 'remarks' }, remarks(days.meta).map((sentence) => el('li', null, sentence)))),
    el('div', { class: 'panels' }, await Promise.all(Object.entries(DIMENSIONS).map(([dimension, title]) => broken(dimension, title)))));
}

show().catch((failure) => {
  at('problem').textContent = failure.message;
});
