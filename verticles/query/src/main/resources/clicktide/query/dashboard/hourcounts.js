// The clicks of the last hour of a subject, as the live socket reports them: a snapshot, then increments.
/** @import { ClicksByMinute, HourView, LiveDelta, LiveSnapshot } from './types.js' */
import { now } from './clock.js';

const MINUTE = 60_000; // ms
const MINUTES = 60;
const RATE_WINDOW = 10_000; // ms

/** The clicks of the last hour by link and minute. */
export class HourCounts {
  /** Clicks by code and by minutes since the epoch. @type {Map<string, Map<number, number>>} */
  #links = new Map();
  /** Clicks of links that are known only as a sum. */
  #others = 0;
  /** Times and clicks of the increments within the rate window. @type {[at: number, clicks: number][]} */
  #increments = [];
  #snapshotAt = 0;
  #currentMinute = 0;
  /** The watermark, in milliseconds since the epoch. @type {number | null} */
  freshThrough = null;

  /** True if the snapshot is too old: a sum over links does not tell which clicks are older than an hour. */
  get isOutdated() {
    return this.isPartial && Date.now() - this.#snapshotAt > MINUTE;
  }

  /** True if further links had clicks in the last hour. */
  get isPartial() {
    return this.#others !== 0;
  }

  /**
   * Applies a message. Returns true if the counts have changed.
   * @param {LiveSnapshot | LiveDelta} message
   */
  apply(message) {
    let added = 0;
    if (message.type === 'snapshot') {
      this.#links = new Map(Object.entries(message.links).map(([code, { minutes }]) => [code, byMinute(minutes)]));
      this.#others = message.others;
      this.#increments = [];
      this.#snapshotAt = Date.now();
    } else {
      for (const [code, minutes] of Object.entries(message.links)) added += this.#add(code, byMinute(minutes));
      this.#increments.push([Date.now(), added]);
    }
    const watermark = Date.parse(message.freshThrough);
    this.freshThrough = watermark > 0 ? watermark : null;
    this.#prune();
    return message.type === 'snapshot' || added !== 0;
  }

  /**
   * Adds clicks of a link and returns their sum. If a link may be among the others, it stays there: its earlier clicks are
   * known only as a part of their sum.
   * @param {string} code
   * @param {Map<number, number>} increment
   */
  #add(code, increment) {
    const sum = [...increment.values()].reduce((total, clicks) => total + clicks, 0);
    const link = this.#links.get(code);
    if (!link && this.isPartial) {
      this.#others += sum;
      return sum;
    }
    const minutes = link ?? new Map();
    for (const [minute, clicks] of increment) minutes.set(minute, (minutes.get(minute) ?? 0) + clicks);
    this.#links.set(code, minutes);
    return sum;
  }

  /**
   * Returns the counts of the last hour.
   * @returns {HourView}
   */
  view() {
    this.#prune();
    const first = this.#currentMinute - MINUTES + 1;
    const sums = zeros();
    const links = [];
    for (const [code, clicksByMinute] of this.#links) {
      const minutes = zeros();
      for (const [minute, clicks] of clicksByMinute) {
        const i = minute - first;
        if (i >= 0 && i < MINUTES) { // a node's clock may be ahead; its clicks are shown a minute later
          minutes[i] = clicks;
          sums[i] += clicks;
        }
      }
      const hour = minutes.reduce((sum, clicks) => sum + clicks, 0);
      if (hour > 0) links.push({ code, minutes, hour, current: minutes[MINUTES - 1] });
    }
    links.sort((a, b) => b.hour - a.hour || a.code.localeCompare(b.code));
    return {
      links,
      minutes: sums,
      start: first * MINUTE,
      total: sums.reduce((sum, clicks) => sum + clicks, this.#others),
      perSecond: this.#rate(),
    };
  }

  #rate() {
    const seconds = Math.min(RATE_WINDOW, Date.now() - this.#snapshotAt) / 1000;
    return seconds < 1 ? 0 : this.#increments.reduce((sum, [, clicks]) => sum + clicks, 0) / seconds;
  }

  /** Drops minutes that are older than an hour and increments that are older than the rate window. */
  #prune() {
    while (this.#increments.length > 0 && this.#increments[0][0] < Date.now() - RATE_WINDOW) this.#increments.shift();
    const current = Math.floor(now() / MINUTE);
    if (current === this.#currentMinute) return;
    this.#currentMinute = current;
    for (const [code, minutes] of this.#links) {
      for (const minute of minutes.keys()) if (minute <= current - MINUTES) minutes.delete(minute);
      if (minutes.size === 0) this.#links.delete(code);
    }
  }
}

/** @returns {number[]} */
const zeros = () => Array(MINUTES).fill(0);

/** @param {ClicksByMinute} minutes */
const byMinute = (minutes) => new Map(Object.entries(minutes).map(([start, clicks]) => [Date.parse(start) / MINUTE, clicks]));
