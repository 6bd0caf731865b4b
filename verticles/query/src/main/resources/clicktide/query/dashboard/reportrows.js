// A report as the rows of a table: what is on screen, and nothing else.

/** `bots` is null where traffic is filtered, `books` where they could not be read. */
export function sheet({ base, question, answer, bots, breakdowns, books, events }) {
  const { totals, series, previous, bucket, tz, freshThrough, from, to } = answer;
  const rows = [
    ['report', base], ['from', from], ['to', to], ['time zone', tz], ['fresh through', freshThrough],
    ...Object.entries({ traffic: question.get('traffic') ?? 'all', ...question.filters }),
    ['clicks', totals.clicks.total], ['human clicks', totals.clicks.human], ['bot clicks', totals.clicks.bot],
    ['visitors (estimate)', totals.uniqueVisitors.estimate], ['relative error of visitors', totals.uniqueVisitors.relativeError], ['scans', totals.scans], [],
    [bucket, 'clicks', 'bots', 'visitors', 'scans', 'final', ...(previous ? ['previous clicks'] : [])],
    ...series.map((point, i) => [point.bucketStart, point.clicks, bots ? bots.get(point.bucketStart) ?? 0 : '', point.uniqueVisitors, point.scans,
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
