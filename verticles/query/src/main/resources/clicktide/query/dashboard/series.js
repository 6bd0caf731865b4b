// Computes chart columns and comparisons from an analytics response.
/** @import { Analytics, BucketState, ChartPoint, Point } from './types.js' */
import { bucketLabel, tickLabel } from './format.js';

/** The numeric fields of a point. @typedef {'clicks' | 'uniqueVisitors' | 'scans'} PointMetric */

/**
 * Returns the columns of a chart. `bots` are bot clicks by the start of their bucket.
 * @param {Pick<Analytics, 'series' | 'bucket' | 'tz' | 'to' | 'freshThrough'>} analytics
 * @param {Map<string, number>} [bots]
 * @returns {ChartPoint[]}
 */
export function chartPoints({ series, bucket, tz, to, freshThrough }, bots = new Map()) {
  const starts = [...series.map(({ bucketStart }) => bucketStart), to].map((time) => Date.parse(time));
  return series.map(({ bucketStart, clicks, isFinalized }, i) => ({
    label: tickLabel(starts[i], bucket, tz),
    description: bucketLabel(starts[i], bucket, tz),
    clicks,
    bots: Math.min(clicks, bots.get(bucketStart) ?? 0),
    state: bucketState(isFinalized, starts[i + 1], Date.parse(freshThrough)),
  }));
}

/**
 * @param {boolean} isFinal
 * @param {number} end of the bucket
 * @param {number} watermark
 * @returns {BucketState}
 */
function bucketState(isFinal, end, watermark) {
  if (isFinal) return 'final';
  return end > watermark ? 'open' : 'provisional';
}

/**
 * Returns clicks by the start of their bucket.
 * @param {{ series: Point[] }} analytics
 */
export const clicksByStart = ({ series }) => new Map(series.map(({ bucketStart, clicks }) => [bucketStart, clicks]));

/**
 * Checks if the range of a response has ended and all of its clicks are counted.
 * @param {Pick<Analytics, 'to' | 'freshThrough'> | null} analytics
 */
export const isComplete = (analytics) => analytics !== null && Date.parse(analytics.to) <= Date.parse(analytics.freshThrough);

/**
 * Returns the sums over the completed buckets, of the current period and of the same buckets of the previous one.
 * @param {Pick<Analytics, 'series' | 'previous' | 'to' | 'freshThrough'>} analytics
 * @param {PointMetric} metric
 * @returns {[current: number, previous: number]}
 */
export function completedSums({ series, previous, to, freshThrough }, metric) {
  const ends = [...series.slice(1).map(({ bucketStart }) => bucketStart), to];
  const completed = ends.filter((end) => Date.parse(end) <= Date.parse(freshThrough)).length;
  const sum = (/** @type {Point[]} */ points) => points.slice(0, completed).reduce((total, point) => total + point[metric], 0);
  return [sum(series), sum(previous?.series ?? [])];
}
