// The rows of a report's export: exactly the numbers on screen.
/** @import { Analytics, Breakdown, Cell, ClickEvent, Ledger } from './types.js' */
/** @import { ReportQuery } from './reportquery.js' */

/**
 * @typedef {object} ReportContent
 * @property {string} base the path of the subject in the API
 * @property {Pick<ReportQuery, 'get' | 'filters'>} query
 * @property {Analytics} analytics
 * @property {Map<string, number> | null} bots bot clicks by the start of their bucket, null if the traffic is filtered
 * @property {Breakdown[]} breakdowns
 * @property {Ledger | null} ledger null if it could not be read
 * @property {ClickEvent[]} events
 */

/**
 * Returns the rows of the export.
 * @param {ReportContent} content
 * @returns {Cell[][]}
 */
export function reportRows({ base, query, analytics, bots, breakdowns, ledger, events }) {
  const { totals, series, previous, bucket, tz, freshThrough, from, to } = analytics;
  /** @type {Cell[][]} */
  const rows = [
    ['report', base], ['from', from], ['to', to], ['time zone', tz], ['fresh through', freshThrough],
    ...Object.entries({ traffic: query.get('traffic') ?? 'all', ...query.filters }),
    ['clicks', totals.clicks.total], ['human clicks', totals.clicks.human], ['bot clicks', totals.clicks.bot],
    ['visitors (estimate)', totals.uniqueVisitors.estimate], ['relative error of visitors', totals.uniqueVisitors.relativeError],
    ['scans', totals.scans], [],
    [bucket, 'clicks', 'bots', 'visitors', 'scans', 'final', ...(previous ? ['previous clicks'] : [])],
  ];
  series.forEach((point, i) => rows.push([
    point.bucketStart, point.clicks, bots ? bots.get(point.bucketStart) ?? 0 : '', point.uniqueVisitors, point.scans,
    point.isFinalized, ...(previous ? [previous.series[i]?.clicks] : []),
  ]));
  for (const { dimension, series: values } of breakdowns) {
    rows.push([], [dimension, 'clicks'], ...values.map((value) => [value[dimension], value.clicks]));
  }
  if (ledger) {
    const counts = Object.entries({ ...ledger, ...ledger.filtered }).filter(([, value]) => Number.isInteger(value));
    rows.push([], ['ledger', 'events'], .../** @type {[string, number][]} */ (counts));
  }
  if (events.length > 0) {
    const names = Object.keys(events[0]);
    rows.push([], names, ...events.map((event) => names.map((name) => event[name])));
  }
  return rows;
}
