// The page "Live": the links of the last hour, largest first, with marks for spikes and bot traffic.
/** @import { HourView, LinkHour, MovingParent, Page, PageContext } from './types.js' */
import { messageOf, topLinks } from './api.js';
import { sparkline } from './charts.js';
import { el, listItems, repeatWhileVisible } from './dom.js';
import { count, percent, warningTexts } from './format.js';
import { hourPanel } from './hourpanel.js';
import { address } from './route.js';

const SHOWN = 30; // links
const BOT_SHARE = 0.5; // of the clicks of a link, from which it is marked
const MIN_CLICKS = 20; // of a marked link, in the last hour or per minute
const SPIKE_FACTOR = 4;
const SPIKE_MINUTES = 3;
const MIN_BASELINE_MINUTES = 10;
const BOT_PERIOD = 5_000; // ms between two reads of the bot traffic

/**
 * Checks if the last three complete minutes have at least 20 clicks per minute and more than four times the mean before them.
 * Minutes before the first click are ignored. The baseline has at least ten minutes.
 * @param {number[]} minutes clicks per minute; the last minute is not complete
 */
export function isSpike(minutes) {
  const mean = (/** @type {number[]} */ part) => part.reduce((sum, clicks) => sum + clicks, 0) / part.length;
  const baseline = minutes.slice(minutes.findIndex((clicks) => clicks > 0), -SPIKE_MINUTES - 1);
  const recent = mean(minutes.slice(-SPIKE_MINUTES - 1, -1));
  return baseline.length >= MIN_BASELINE_MINUTES && recent >= MIN_CLICKS && recent > SPIKE_FACTOR * mean(baseline);
}

/** @typedef {{ element: HTMLElement, update: (link: LinkHour, botShare: number) => void }} Row */

/**
 * @param {PageContext} page
 * @returns {Page}
 */
export function leaderboard(page) {
  const { owner, signal } = page;
  const list = el('ol', { class: 'leaderboard' });
  const warnings = el('ul', { class: 'warnings' });
  /** @type {Map<string, Row>} */
  const rows = new Map();
  /** @type {Map<string, number>} */
  let botShares = new Map();

  const show = (/** @type {HourView} */ view) => {
    const links = view.links.slice(0, SHOWN);
    const tops = new Map([...rows].map(([code, { element }]) => [code, element.offsetTop]));
    const codes = new Set(links.map(({ code }) => code));
    for (const [code, { element }] of rows) {
      if (codes.has(code)) continue;
      element.remove();
      rows.delete(code);
    }
    links.forEach((link, i) => {
      const row = rows.get(link.code) ?? createRow(link.code);
      rows.set(link.code, row);
      row.update(link, botShares.get(link.code) ?? 0);
      if (list.children[i] !== row.element) move(list, row.element, list.children[i] ?? null);
    });
    for (const [code, { element }] of rows) slide(element, tops.get(code) ?? element.offsetTop);
  };
  const hour = hourPanel(page, { owner }, { onView: show });
  const readBots = async () => {
    try {
      const { links, meta } = await topLinks(owner, { interval: '1h', limit: '100' }, signal);
      botShares = new Map(links.map(({ code, clicks, bot }) => [code, bot / clicks]));
      warnings.replaceChildren(...listItems(warningTexts(meta)));
    } catch (failure) {
      botShares = new Map();
      warnings.replaceChildren(el('li', { class: 'error' }, `Links with bot traffic cannot be marked: ${messageOf(failure)}`));
    }
  };
  readBots();
  repeatWhileVisible(BOT_PERIOD, readBots, signal);
  return {
    title: 'Live',
    element: el('div', null, el('h1', null, 'Live'), hour,
      el('section', { class: 'card' }, el('h2', null, 'Top links in the last hour'), list, warnings)),
  };
}

/**
 * Moves a row. Where the browser can, a row with the focus keeps it.
 * @param {MovingParent} list
 * @param {Element} row
 * @param {Element | null} next
 */
function move(list, row, next) {
  if (list.moveBefore && row.parentNode === list) list.moveBefore(row, next);
  else list.insertBefore(row, next);
}

/**
 * Animates a row from its former place.
 * @param {HTMLElement} row
 * @param {number} formerTop in pixels
 */
function slide(row, formerTop) {
  const distance = formerTop - row.offsetTop;
  if (distance === 0 || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  row.animate([{ transform: `translateY(${distance}px)` }, { transform: 'none' }], { duration: 300, easing: 'ease-out' });
}

/**
 * @param {string} code
 * @returns {Row}
 */
function createRow(code) {
  const picture = el('span');
  const sum = el('strong');
  const current = el('span', { class: 'muted' });
  const marks = el('span', { class: 'marks' });
  return {
    element: el('li', null, el('a', { href: address('links', code) }, code), picture, marks, sum, current),
    update(link, botShare) {
      picture.replaceChildren(sparkline(link.minutes, 'Clicks by minute in the last hour'));
      sum.textContent = count(link.hour);
      current.textContent = `${count(link.current)} this minute`;
      const texts = [];
      if (isSpike(link.minutes)) texts.push('spike');
      if (botShare >= BOT_SHARE && link.hour >= MIN_CLICKS) texts.push(`bot traffic: ${percent(botShare, 1)}`);
      marks.replaceChildren(...texts.map((text) => el('mark', null, text)));
    },
  };
}
