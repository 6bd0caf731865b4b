// The public page with the statistics of a link. If there is a password, the browser asks for it and stores it.
/** @import { Analytics } from './types.js' */
import { messageOf, path } from './api.js';
import { ColumnChart } from './charts.js';
import { el, listItems, table } from './dom.js';
import { count, dateAndTime, percent, valueLabel, warningTexts } from './format.js';
import { chartPoints } from './series.js';

const code = decodeURIComponent(location.pathname.slice('/public/'.length));
const DIMENSIONS = { country: 'Countries', referrer: 'Referrers', device: 'Devices', browser: 'Browsers' };

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * @param {string} query
 * @returns {Promise<Analytics>}
 */
async function ask(query) {
  const response = await fetch(`${path`/v1/public/links/${code}/analytics`}?interval=30d&${query}`);
  const body = await response.json();
  if (!response.ok) throw new Error(body.detail);
  return body;
}

/**
 * @param {string} dimension
 * @param {string} title
 */
async function breakdown(dimension, title) {
  const { series, totals } = await ask(`bucket=total&traffic=human&limit=10&dimensions=${dimension}`);
  const rows = series.map((point) =>
    [valueLabel(dimension, String(point[dimension])), count(point.clicks), percent(point.clicks, totals.clicks.total)]);
  return el('section', { class: 'card panel' }, el('h2', null, title), table(title, [title, ['Clicks', 'number'], ['Share', 'number']], rows));
}

async function show() {
  byId('code').textContent = code;
  const days = await ask('bucket=day&traffic=human');
  const { totals: { clicks } } = await ask('bucket=total');
  byId('fresh').textContent = `Updated ${dateAndTime(Date.parse(days.freshThrough))}`;
  const chart = new ColumnChart('Human clicks by day (UTC)');
  chart.show(chartPoints(days));
  const figure = (/** @type {string} */ name, /** @type {string} */ value) => el('div', null, el('dt', null, name), el('dd', null, value));
  byId('numbers').replaceChildren(
    el('dl', { class: 'figures' }, figure('Human clicks (30 days)', count(clicks.human)), figure('Bot clicks (30 days)', count(clicks.bot))),
    el('section', { class: 'card' }, chart.element, el('ul', { class: 'warnings' }, listItems(warningTexts(days.meta)))),
    el('div', { class: 'panels' }, await Promise.all(Object.entries(DIMENSIONS).map(([dimension, title]) => breakdown(dimension, title)))));
}

show().catch((failure) => {
  byId('error').textContent = messageOf(failure);
});
