// What is asked for: a range, buckets, a zone and filters, as the query of the address has them.
import { HERE, dayOf, startOfDay } from './format.js';
import { route } from './route.js';

/** What clicks are broken down by, in the order of the panels; the first of a panel is shown at first. */
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
export const DIMENSIONS = Object.assign({}, ...PANELS);

/** The buckets that suit a range, where nobody chose others. */
const FITTING = { '1h': 'minute', '24h': 'hour', '7d': 'day', '30d': 'day', '90d': 'day', '1y': 'week', mtd: 'day', ytd: 'week' };
const USUAL = '7d';

export class Question {
  #query = route().query;

  get interval() {
    return this.#query.get('interval') ?? USUAL;
  }

  get bucket() {
    return this.#query.get('bucket') ?? FITTING[this.interval];
  }

  get zone() {
    return this.#query.get('tz') ?? HERE;
  }

  /** The value of a parameter, or null. */
  get(name) {
    return this.#query.get(name);
  }

  /** Those of filters that are set, by name. */
  get filters() {
    return Object.fromEntries(['tag', ...Object.keys(DIMENSIONS)].filter((name) => this.#query.has(name)).map((name) => [name, this.#query.get(name)]));
  }

  /** As the API has it, with some more parameters, for its range or another one. */
  parameters(more = {}, range = this.range()) {
    const asked = { traffic: this.get('traffic'), ...this.filters, ...more };
    return new URLSearchParams([...range, ...Object.entries(asked).filter(([, value]) => value)]);
  }

  /** Whether a click is among what is asked for, whenever it was. */
  admits(event) {
    const traffic = this.get('traffic');
    return (!traffic || event.traffic === traffic) && Object.entries(this.filters).every(([name, value]) => {
      if (!(name in event)) return true;
      const values = value.split(',');
      const isOut = values[0].startsWith('-');
      return values.some((one) => one.replace(/^-/, '') === event[name]) !== isOut;
    });
  }

  /** The part of it that says when: whole days of the zone, or a range by name. */
  range() {
    if (this.interval !== 'custom') return new URLSearchParams({ tz: this.zone, interval: this.interval });
    const today = dayOf(Date.now(), this.zone);
    const after = new Date(this.get('through') ?? today);
    after.setUTCDate(after.getUTCDate() + 1);
    const [from, to] = [this.get('from') ?? today, after.toISOString().slice(0, 10)];
    return new URLSearchParams({ tz: this.zone, from: startOfDay(from, this.zone), to: startOfDay(to, this.zone) });
  }
}
