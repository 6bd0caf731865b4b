// A report as the rows of a table: what is on screen, and nothing else.

/** `machines` is null where traffic is filtered, `books` and `breakdowns` may not be there yet. */
export function sheet({ base, question, answer, machines, breakdowns, books, events }) {
  const { totals, series, previous, bucket, tz, freshThrough, from, to } = answer;
  const bots = new Map(machines?.series.map((point) => [point.bucketStart, point.clicks]));
  const rows = [
    ['report', base], ['from', from], ['to', to], ['time zone', tz], ['counted through', freshThrough],
    ...Object.entries({ traffic: question.get('traffic') ?? 'all', ...question.filters }),
    ['clicks', totals.clicks.total], ['people', totals.clicks.human], ['machines', totals.clicks.bot],
    ['estimated visitors', totals.uniqueVisitors.estimate], ['relative error of the estimate', totals.uniqueVisitors.relativeError], ['scans', totals.scans], [],
    [bucket, 'clicks', 'machines', 'estimated visitors', 'scans', 'final', ...(previous ? ['clicks before'] : [])],
    ...series.map((point, i) => [point.bucketStart, point.clicks, machines ? bots.get(point.bucketStart) ?? 0 : '', point.uniqueVisitors, point.scans,
      point.isFinalized, ...(previous ? [previous.series[i]?.clicks] : [])]),
  ];
  for (const { dimension, series: values } of breakdowns) {
    rows.push([], [dimension, 'clicks'], ...values.map((row) => [row[dimension], row.clicks]));
  }
  if (books) {
    rows.push([], ['ledger', 'events'], ...Object.entries({ ...books, ...books.filtered }).filter(([, number]) => Number.isInteger(number)));
  }
  if (events.length > 0) {
    const names = Object.keys(events[0]);
    rows.push([], names, ...events.map((event) => names.map((name) => event[name])));
  }
  return rows;
}
