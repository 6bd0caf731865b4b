// The parts of a report as elements and texts.
/** @import { Analytics, Ledger, ClickEvent, Period } from './types.js' */
/** @import { PointMetric } from './series.js' */
/** @import { ReportQuery } from './reportquery.js' */
import { el, table } from './dom.js';
import { count, date, dateAndTime, growth, percent, timeAgo, valueLabel } from './format.js';
import { completedSums, isComplete } from './series.js';

/** Creates the legend of the chart. */
export function legend() {
  const entries = [
    ['human', 'Humans'], ['bot', 'Bots'], ['provisional', 'Provisional'], ['open', 'In progress'], ['previous', 'Previous period'],
  ];
  return el('ul', { class: 'legend', 'aria-label': 'Legend' }, entries.map(([kind, text]) => el('li', { class: kind }, text)));
}

/**
 * Creates the totals. If the current period has not ended, its completed buckets are compared with the same buckets of the
 * previous period.
 * @param {Analytics} analytics
 */
export function figures(analytics) {
  const { totals: { clicks, uniqueVisitors, scans }, previous } = analytics;
  const before = previous?.totals;
  return [
    figure('Clicks', count(clicks.total), days(analytics, analytics.tz), changeNote(analytics, clicks.total, before?.clicks.total, 'clicks')),
    figure('Humans', count(clicks.human), percent(clicks.human, clicks.total), changeNote(analytics, clicks.human, before?.clicks.human)),
    figure('Bots', count(clicks.bot), percent(clicks.bot, clicks.total), changeNote(analytics, clicks.bot, before?.clicks.bot)),
    figure('Visitors', `≈ ${count(uniqueVisitors.estimate)}`, `estimate, ± ${percent(uniqueVisitors.relativeError, 1)}`,
      changeNote(analytics, uniqueVisitors.estimate, before?.uniqueVisitors.estimate)),
    figure('QR scans', count(scans), 'included in clicks', changeNote(analytics, scans, before?.scans, 'scans')),
  ];
}

/**
 * @param {string} name
 * @param {string} value
 * @param {string} note
 * @param {string} change
 */
function figure(name, value, note, change) {
  return el('div', null, el('dt', null, name), el('dd', null, value), el('dd', { class: 'muted' }, [note, change].filter(Boolean).join('; ')));
}

/**
 * Describes the change from the previous period, or returns an empty text without one. A metric without values per bucket is
 * compared only when the period has ended.
 * @param {Analytics} analytics
 * @param {number} current
 * @param {number | undefined} before
 * @param {PointMetric} [metric]
 */
function changeNote(analytics, current, before, metric) {
  if (before === undefined) return '';
  let change = '';
  if (isComplete(analytics)) change = growth(current, before);
  else if (metric) change = growth(...completedSums(analytics, metric));
  return `previously ${count(before)}${change && `, ${change}`}`;
}

/**
 * @param {Pick<Period, 'from' | 'to'>} period
 * @param {string} zone
 */
const days = ({ from, to }, zone) => `${date(Date.parse(from), zone)} to ${date(Date.parse(to) - 1, zone)}`;

/**
 * Describes the previous period, or returns an empty text without one.
 * @param {Analytics} analytics
 */
export function comparisonText(analytics) {
  const { previous, tz } = analytics;
  if (!previous) return '';
  const partial = isComplete(analytics) ? '' : ' The current period has not ended. Changes compare its completed part only.';
  return `Previous period: ${days(previous, tz)}.${partial}`;
}

/**
 * Describes how fresh the counts are and up to when they are final.
 * @param {Analytics} analytics
 */
export function freshnessText(analytics) {
  const { meta, freshThrough, tz } = analytics;
  const watermark = Date.parse(freshThrough);
  if (!(watermark > 0)) return 'Waiting for the first counts …';
  const fresh = isComplete(analytics) ? 'All clicks of the range are counted.' : `Updated ${timeAgo(watermark)}.`;
  const final = meta.finalThrough
    ? `Final up to ${dateAndTime(Date.parse(meta.finalThrough), tz)}.` : 'Nothing is final yet. Late clicks may be added.';
  return `${fresh} ${final}`;
}

/**
 * Creates the ledger: every received event under the reason of its outcome.
 * @param {Ledger} ledger
 */
export function ledgerView(ledger) {
  const { counted, duplicate, filtered, late, rejected, shed, underWay, received, unattributedLoss } = ledger;
  /** @type {[string, number][]} */
  const outcomes = [
    ['duplicate', duplicate], ['filtered: own traffic', filtered.own_traffic], ['filtered: tracking off', filtered.tracking_off],
    ['late, to be added', late], ['rejected as invalid', rejected], ['shed under overload', shed],
    ['under way to the stored counts', underWay],
  ];
  const sum = outcomes.reduce((total, [, events]) => total + events, counted);
  const verdict = sum === received ? 'The ledger balances.' : 'The ledger does not balance. Please report this.';
  return [
    el('h2', null, 'Event ledger'),
    table('Event ledger', ['', ['Events', 'number']], [
      ['counted', count(counted)],
      ...outcomes.filter(([, events]) => events > 0).map(([name, events]) => [`+ ${name}`, count(events)]),
      [el('strong', null, '= received'), el('strong', null, count(received))],
    ]),
    el('p', { class: 'muted' }, `${verdict} It covers all traffic of the range. Filters do not apply.`,
      unattributedLoss > 0 && ` ${count(unattributedLoss)} lost events cannot be attributed to a link and may belong to this link.`),
  ];
}

/**
 * Creates the list of the latest clicks.
 * @param {ClickEvent[]} events those that pass the filters
 * @param {number} total the number of clicks that were filtered
 * @param {Pick<ReportQuery, 'zone' | 'filters'>} query
 */
export function eventsView(events, total, { zone, filters }) {
  const scope = filters.tag ? 'The range and the tag filter do not apply.' : 'The range does not apply.';
  const heads = ['Time', 'Link', 'Country', 'Device', 'Browser', 'Operating system', 'Referrer', 'Traffic'];
  const rows = events.map((event) => [
    dateAndTime(Date.parse(event.at), zone), event.code, valueLabel('country', event.country), event.device, event.browser, event.os,
    valueLabel('referrer', event.referrer), valueLabel('bot', event.bot),
  ]);
  return [
    el('h2', null, 'Latest clicks'),
    el('p', { class: 'muted' }, `Filtered from the latest ${count(total)} clicks. ${scope}`),
    rows.length === 0
      ? el('p', { class: 'muted' }, 'No clicks.')
      : el('div', { class: 'scroll', tabindex: 0, 'data-key': 'list' }, table('Latest clicks', heads, rows)),
  ];
}
