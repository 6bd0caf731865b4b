// The query of a report: range, buckets, zone and filters, as the query of the address has them.
/** @import { BucketSize, ClickEvent } from './types.js' */
import { HERE, dayOf, startOfDay } from './format.js';
import { route } from './route.js';

/**
 * The dimensions of each panel, in the order of the panels. The first dimension of a panel is shown by default.
 * @type {Record<string, string>[]}
 */
export const PANELS = [
  { referrer: 'Referrers', via: 'Channels', host: 'Hosts' },
  { country: 'Countries', region: 'Regions' },
  { device: 'Devices' },
  { browser: 'Browsers' },
  { os: 'Operating systems' },
  { campaign: 'Campaigns', source: 'Campaign sources', medium: 'Campaign media' },
  { bot: 'Humans and bots' },
  { destination: 'Destinations', status: 'HTTP statuses' },
];
/** @type {Record<string, string>} */
export const DIMENSIONS = Object.assign({}, ...PANELS);

/**
 * The default bucket size of each range.
 * @type {Record<string, BucketSize>}
 */
const DEFAULT_BUCKETS = { '1h': 'minute', '24h': 'hour', '7d': 'day', '30d': 'day', '90d': 'day', '1y': 'week', mtd: 'day', ytd: 'week' };
const DEFAULT_INTERVAL = '7d';

export class ReportQuery {
  #query = route().query;

  get interval() {
    return this.#query.get('interval') ?? DEFAULT_INTERVAL;
  }

  /** The bucket size, or undefined if the API chooses it. */
  get bucket() {
    return this.#query.get('bucket') ?? DEFAULT_BUCKETS[this.interval];
  }

  get zone() {
    return this.#query.get('tz') ?? HERE;
  }

  /**
   * Returns the value of a parameter, or null.
   * @param {string} name
   */
  get(name) {
    return this.#query.get(name);
  }

  /**
   * The active filters by name.
   * @returns {Record<string, string>}
   */
  get filters() {
    return Object.fromEntries(['tag', ...Object.keys(DIMENSIONS)].flatMap((name) => {
      const value = this.get(name);
      return value === null ? [] : [[name, value]];
    }));
  }

  /**
   * Returns the parameters of an API call: the range, the filters and `more`. Empty values are left out.
   * @param {Record<string, string | number | null | undefined>} [more]
   * @param {URLSearchParams} [range]
   */
  parameters(more = {}, range = this.range()) {
    const parameters = new URLSearchParams(range);
    for (const [name, value] of Object.entries({ traffic: this.get('traffic'), ...this.filters, ...more })) {
      if (value) parameters.append(name, String(value));
    }
    return parameters;
  }

  /**
   * Checks if a click passes the filters. The range is ignored.
   * @param {ClickEvent} event
   */
  matches(event) {
    const traffic = this.get('traffic');
    return (!traffic || event.traffic === traffic) && Object.entries(this.filters).every(([name, value]) => {
      if (!(name in event)) return true;
      const values = value.split(',');
      const isExcluding = values[0].startsWith('-');
      return values.some((one) => one.replace(/^-/, '') === event[name]) !== isExcluding;
    });
  }

  /** Returns the parameters of the range: a named interval, or whole days of the zone. */
  range() {
    if (this.interval !== 'custom') return new URLSearchParams({ tz: this.zone, interval: this.interval });
    const today = dayOf(Date.now(), this.zone);
    const end = new Date(this.get('through') ?? today);
    end.setUTCDate(end.getUTCDate() + 1);
    return new URLSearchParams({
      tz: this.zone,
      from: startOfDay(this.get('from') ?? today, this.zone),
      to: startOfDay(end.toISOString().slice(0, 10), this.zone),
    });
  }
}
