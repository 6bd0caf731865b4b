// Formats numbers, times and values of dimensions.
/** @import { BucketSize, Meta } from './types.js' */
import { now } from './clock.js';

/** The time zone of this browser. */
export const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

const whole = new Intl.NumberFormat();
const short = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });
const share = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });
const signed = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' });
const countries = new Intl.DisplayNames(undefined, { type: 'region' });

/** @param {number} number */
export const count = (number) => whole.format(number);

/** @param {number} number */
export const compact = (number) => short.format(number);

/**
 * @param {number} part
 * @param {number} total
 */
export const percent = (part, total) => share.format(total > 0 ? part / total : 0);

/**
 * Formats the change from a previous value: `+12%`, or `new` if the previous value is 0.
 * @param {number} current
 * @param {number} previous
 */
export function growth(current, previous) {
  if (previous > 0) return signed.format(current / previous - 1);
  return current > 0 ? 'new' : '±0';
}

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/**
 * Returns a date format; creating one takes long, so each is kept.
 * @param {string | undefined} zone the browser's zone if undefined
 * @param {Intl.DateTimeFormatOptions} options
 */
function format(zone, options) {
  const key = zone + JSON.stringify(options);
  const known = formats.get(key) ?? new Intl.DateTimeFormat(undefined, { timeZone: zone, ...options });
  formats.set(key, known);
  return known;
}

/** @type {Intl.DateTimeFormatOptions} */
const DAY = { day: 'numeric', month: 'short' };
/** @type {Intl.DateTimeFormatOptions} */
const CLOCK = { hour: '2-digit', minute: '2-digit' };
/** @type {Record<BucketSize, Intl.DateTimeFormatOptions>} */
const SHORT = {
  minute: CLOCK, quarter: CLOCK, hour: { ...DAY, hour: '2-digit' }, day: DAY, week: DAY, month: { month: 'short', year: 'numeric' },
};
/** @type {Record<BucketSize, Intl.DateTimeFormatOptions>} */
const LONG = {
  minute: { ...DAY, ...CLOCK }, quarter: { ...DAY, ...CLOCK }, hour: { weekday: 'short', ...DAY, ...CLOCK },
  day: { weekday: 'short', ...DAY, year: 'numeric' }, week: { ...DAY, year: 'numeric' }, month: { month: 'long', year: 'numeric' },
};

/**
 * Formats the start of a bucket for an axis.
 * @param {number} at
 * @param {BucketSize} bucket
 * @param {string} [zone]
 */
export const tickLabel = (at, bucket, zone) => format(zone, SHORT[bucket]).format(at);

/**
 * Formats the start of a bucket in full.
 * @param {number} at
 * @param {BucketSize} bucket
 * @param {string} [zone]
 */
export const bucketLabel = (at, bucket, zone) => (bucket === 'week' ? 'week of ' : '') + format(zone, LONG[bucket]).format(at);

/**
 * @param {number} at
 * @param {string} [zone]
 */
export const date = (at, zone) => format(zone, { dateStyle: 'medium' }).format(at);

/**
 * @param {number} at
 * @param {string} [zone]
 */
export const dateAndTime = (at, zone) => format(zone, { ...DAY, hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(at);

/**
 * Formats the time since an instant: `2 s ago`.
 * @param {number} at
 */
export function timeAgo(at) {
  const seconds = Math.max(0, Math.round((now() - at) / 1000));
  if (seconds < 120) return `${seconds} s ago`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min ago`;
  return `${Math.round(seconds / 3600)} h ago`;
}

/**
 * Returns the start of a calendar day in a zone, in RFC 3339.
 * @param {string} day as a date field has it, for example `2026-03-29`
 * @param {string} zone
 */
export function startOfDay(day, zone) {
  const utc = Date.parse(`${day}T00:00:00Z`);
  const guess = utc - zoneOffset(utc, zone);
  const start = utc - zoneOffset(guess, zone); // the offset may change between the two
  return new Date(dayOf(start, zone) === day ? start : guess).toISOString(); // or at midnight itself
}

/**
 * Returns the offset of a zone from UTC at an instant, in milliseconds.
 * @param {number} at
 * @param {string} zone
 */
function zoneOffset(at, zone) {
  const parts = format(zone, {
    hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  }).formatToParts(at);
  const { year, month, day, hour, minute, second } = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(year, month - 1, day, hour, minute, second) - at;
}

/**
 * Returns the calendar day of an instant in a zone, as a date field has it.
 * @param {number} at
 * @param {string} zone
 */
export const dayOf = (at, zone) => new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(at);

/** @type {Record<string, string>} */
const EMPTY_VALUES = { referrer: 'direct or unknown', bot: 'human', country: 'unknown', region: 'unknown' };
/** @type {Record<string, Record<string, string>>} */
const VALUES = {
  via: { link: 'link', qr: 'QR code', api: 'API' },
  bot: { rate: 'high click rate', head: 'HEAD request', library: 'HTTP library', preview: 'link preview', prefetch: 'prefetch' },
};

/**
 * Returns the text for a value of a dimension.
 * @param {string} dimension
 * @param {string} value
 */
export function valueLabel(dimension, value) {
  if (value === '' || value === 'ZZ') return EMPTY_VALUES[dimension] ?? 'none';
  if (value === '__other__') return 'other';
  if (dimension === 'country' && /^[A-Z]{2}$/.test(value)) return countries.of(value) ?? value;
  return VALUES[dimension]?.[value] ?? value;
}

/** @type {Record<string, (detail: string) => string>} */
const WARNINGS = {
  pipeline_lags: () => 'Counting is delayed. Newer clicks are stored and will be added.',
  live_counts_missing: () => 'Live counts are unavailable. The current minutes come from the stored counts.',
  silent_node: (node) => `Node ${node} does not report. Its clicks may be missing.`,
  unattributed_loss: () => 'Some lost clicks cannot be attributed to a link and may belong to this link.',
  visitors_count_once_a_day: () => 'A visitor is counted once per day (UTC).',
  counts_kept_from: (day) => `Counts are available from ${day.slice(0, 10)} onwards.`,
};

/**
 * Returns the limitations of a response's counts, as sentences. An unknown warning is returned as it is.
 * @param {Meta} meta
 */
export function warningTexts(meta) {
  const sentences = meta.warnings.map((warning) => {
    const [code, ...rest] = warning.split(':');
    return WARNINGS[code]?.(rest.join(':')) ?? warning;
  });
  if (meta.knownLoss > 0) sentences.unshift(`${count(meta.knownLoss)} clicks were lost before they were counted. No total includes them.`);
  if (!meta.complete) sentences.unshift('Some counts are missing.');
  return sentences;
}
