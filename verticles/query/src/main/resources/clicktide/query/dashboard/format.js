// How numbers, times and values are written.
import { now } from './clock.js';

/** The zone of this browser. */
export const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

const whole = new Intl.NumberFormat();
const short = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });
const share = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });
const signed = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' });
const countries = new Intl.DisplayNames(undefined, { type: 'region' });

export const count = (number) => whole.format(number);
export const compact = (number) => short.format(number);
export const percent = (part, all) => share.format(all > 0 ? part / all : 0);

/** The change from before to now: `+12 %`. */
export const growth = (now, before) => (before > 0 ? signed.format(now / before - 1) : now > 0 ? 'new' : '±0');

const formats = new Map();

function format(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(undefined, { timeZone: zone, ...options }));
  return formats.get(key);
}

const DAY = { day: 'numeric', month: 'short' };
const CLOCK = { hour: '2-digit', minute: '2-digit' };
const SHORT = { minute: CLOCK, quarter: CLOCK, hour: { ...DAY, hour: '2-digit' }, day: DAY, week: DAY, month: { month: 'short', year: 'numeric' } };
const LONG = {
  minute: { ...DAY, ...CLOCK }, quarter: { ...DAY, ...CLOCK }, hour: { weekday: 'short', ...DAY, ...CLOCK },
  day: { weekday: 'short', ...DAY, year: 'numeric' }, week: { ...DAY, year: 'numeric' }, month: { month: 'long', year: 'numeric' },
};

export const tick = (at, bucket, zone) => format(zone, SHORT[bucket]).format(at);
export const moment = (at, bucket, zone) => (bucket === 'week' ? 'week of ' : '') + format(zone, LONG[bucket]).format(at);
export const date = (at, zone) => format(zone, { dateStyle: 'medium' }).format(at);
export const dateAndClock = (at, zone) => format(zone, { ...DAY, hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(at);

/** `2 s ago`. */
export function ago(at) {
  const seconds = Math.max(0, Math.round((now() - at) / 1000));
  if (seconds < 120) return `${seconds} s ago`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min ago`;
  return `${Math.round(seconds / 3600)} h ago`;
}

/** The middle of the night in a zone, as RFC 3339 has it: where a day that somebody picked begins. */
export function startOfDay(day, zone) {
  const utc = Date.parse(`${day}T00:00:00Z`);
  const parts = (at) => Object.fromEntries(format(zone, {
    hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  }).formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const offset = (at) => {
    const there = parts(at);
    return Date.UTC(there.year, there.month - 1, there.day, there.hour, there.minute, there.second) - at;
  };
  const guess = utc - offset(utc);
  const begin = utc - offset(guess); // the clock may be put in between
  return new Date(dayOf(begin, zone) === day ? begin : guess).toISOString(); // or at midnight itself
}

/** The day of a time in a zone, as a date field has it. */
export const dayOf = (at, zone) => new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(at);

const NAMELESS = { referrer: 'direct or unknown', bot: 'human', country: 'unknown', region: 'unknown' };
const NAMES = {
  via: { link: 'link', qr: 'QR code', api: 'API' },
  bot: { rate: 'high click rate', head: 'HEAD request', library: 'HTTP library', preview: 'link preview', prefetch: 'prefetch' },
};

/** A value of a dimension in words. */
export function named(dimension, value) {
  if (value === '' || value === 'ZZ') return NAMELESS[dimension] ?? 'none';
  if (value === '__other__') return 'other';
  if (dimension === 'country' && /^[A-Z]{2}$/.test(value)) return countries.of(value) ?? value;
  return NAMES[dimension]?.[value] ?? value;
}

const WARNINGS = {
  pipeline_lags: () => 'Counting is delayed. Newer clicks are stored and will be added.',
  live_counts_missing: () => 'Live counts are unavailable. The current minutes come from the stored counts.',
  silent_node: (node) => `Node ${node} does not report. Its clicks may be missing.`,
  unattributed_loss: () => 'Some lost clicks cannot be attributed to a link. They may belong to this link.',
  visitors_count_once_a_day: () => 'A visitor is counted once per day (UTC).',
  counts_kept_from: (day) => `Counts are available from ${day.slice(0, 10)} onwards.`,
};

/** What is to be known of an answer's numbers, in sentences. */
export function remarks(meta) {
  const sentences = meta.warnings.map((warning) => {
    const [code, ...rest] = warning.split(':');
    return WARNINGS[code]?.(rest.join(':')) ?? warning;
  });
  if (meta.knownLoss > 0) sentences.unshift(`${count(meta.knownLoss)} clicks were lost before they were counted. No total includes them.`);
  if (!meta.complete) sentences.unshift('Some counts are missing.');
  return sentences;
}
