// The last hour of something watched, as the live socket tells it: a snapshot, then increments.
import { now } from './clock.js';

const MINUTE = 60_000;
const MINUTES = 60;
const RATE = 10_000; // the time over which a rate is taken

export class Hour {
  #links = new Map(); // code -> Map(number of the minute -> clicks)
  #others = 0;
  #arrivals = []; // [time, clicks] of the last seconds
  #snapshotAt = null;
  #pruned = 0;
  freshThrough = null;

  /** Some links are known by their sum only, which does not tell what has left the hour: in a minute it has to be asked for again. */
  get isOutdated() {
    return this.isPart && Date.now() - this.#snapshotAt > MINUTE;
  }

  /** Whether links that are not here had clicks, too. */
  get isPart() {
    return this.#others !== 0;
  }

  /** Takes what the socket says; whether there are other clicks now. */
  take(message) {
    const isWhole = message.type === 'snapshot';
    let arrived = 0;
    if (isWhole) {
      this.#links = new Map(Object.entries(message.links).map(([code, { minutes }]) => [code, numbered(minutes)]));
      this.#others = message.others;
      this.#arrivals = [];
      this.#snapshotAt = Date.now();
    } else {
      for (const [code, minutes] of Object.entries(message.links)) {
        const counted = numbered(minutes);
        for (const clicks of counted.values()) arrived += clicks;
        this.#add(code, counted);
      }
      this.#arrivals.push([Date.now(), arrived]);
    }
    const through = Date.parse(message.freshThrough);
    this.freshThrough = through > 0 ? through : null;
    this.#forget();
    return isWhole || arrived !== 0;
  }

  /** A link that may be among the others stays there: of what it had before only their sum is known. */
  #add(code, counted) {
    if (!this.#links.has(code) && this.isPart) {
      for (const clicks of counted.values()) this.#others += clicks;
      return;
    }
    if (!this.#links.has(code)) this.#links.set(code, new Map());
    const held = this.#links.get(code);
    for (const [minute, clicks] of counted) held.set(minute, (held.get(minute) ?? 0) + clicks);
  }

  /** What there is now: the sum of each minute, the oldest first, and the links, the largest first. */
  look() {
    this.#forget();
    const running = this.#pruned;
    const sums = Array(MINUTES).fill(0);
    const links = [];
    for (const [code, held] of this.#links) {
      const minutes = Array(MINUTES).fill(0);
      for (const [minute, clicks] of held) {
        const place = minute - running + MINUTES - 1;
        if (place >= 0 && place < MINUTES) { // a clock that is ahead counts later
          minutes[place] = clicks;
          sums[place] += clicks;
        }
      }
      const hour = minutes.reduce((sum, clicks) => sum + clicks, 0);
      if (hour > 0) links.push({ code, minutes, hour, running: minutes.at(-1) });
    }
    links.sort((a, b) => b.hour - a.hour || a.code.localeCompare(b.code));
    return {
      links,
      sums,
      start: (running - MINUTES + 1) * MINUTE,
      total: sums.reduce((sum, clicks) => sum + clicks, this.#others),
      perSecond: this.#rate(),
    };
  }

  #rate() {
    const seconds = Math.min(RATE, Date.now() - this.#snapshotAt) / 1000;
    return seconds < 1 ? 0 : this.#arrivals.reduce((sum, [, clicks]) => sum + clicks, 0) / seconds;
  }

  /** Lets go of what is no longer of the hour, whether somebody looks or not. */
  #forget() {
    while (this.#arrivals.length && this.#arrivals[0][0] < Date.now() - RATE) this.#arrivals.shift();
    const running = Math.floor(now() / MINUTE);
    if (running === this.#pruned) return;
    this.#pruned = running;
    for (const [code, held] of this.#links) {
      for (const minute of held.keys()) if (minute <= running - MINUTES) held.delete(minute);
      if (held.size === 0) this.#links.delete(code);
    }
  }
}

const numbered = (minutes) => new Map(Object.entries(minutes).map(([start, clicks]) => [Date.parse(start) / MINUTE, clicks]));
