// One socket for all that a page watches. It comes back by itself, and the snapshot that follows leaves no gap.
import { ask, Problem } from './api.js';
import { hear } from './clock.js';
import { Hour } from './hourcounts.js';

const LEAST_PAUSE = 500;
const MOST_PAUSE = 10_000;
const CHECK = 1_000;
const SILENCE = 30_000; // something is said at least every ten seconds
const OPENING = 10_000;
const TICKET = 30_000; // it is good for so long
const PATIENCE = 5_000; // for a snapshot, or for a link that was made on another node

export class Live {
  #watched = new Map(); // by id
  #last = 0;
  #socket = null;
  #heardAt = 0;
  #pause = LEAST_PAUSE;
  #waiting = null;
  #watch = setInterval(() => this.#check(), CHECK);
  #tell;

  /** `tell` hears in words why nothing is heard, or null when all is well. */
  constructor(tell) {
    this.#tell = tell;
  }

  /** Calls `heard(hour, hasMoved)` whenever there is something new of a link or an owner, until the signal. */
  watch(subject, heard, signal) {
    const one = { id: null, subject, heard, hour: new Hour(), seq: null, since: Date.now() };
    if (this.#watched.size === 0) this.#heardAt = Date.now();
    this.#ask(one);
    signal.addEventListener('abort', () => {
      this.#watched.delete(one.id);
      this.#send({ type: 'unsubscribe', ...subject });
    });
    this.#connect();
  }

  close() {
    clearTimeout(this.#waiting);
    clearInterval(this.#watch);
    this.#watched.clear();
    this.#drop();
  }

  /** Each time under a new number: what is still said under the old one is not listened to. */
  #ask(one) {
    this.#watched.delete(one.id);
    one.id = ++this.#last;
    one.seq = null;
    this.#watched.set(one.id, one);
    this.#send({ type: 'subscribe', id: one.id, ...one.subject });
  }

  #send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  async #connect() {
    if (this.#socket || this.#watched.size === 0) return;
    clearTimeout(this.#waiting);
    const place = { close() {} }; // nobody else connects meanwhile
    this.#socket = place;
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    try {
      const { ticket, expiresAt } = await ask('/v1/live/tickets', { method: 'POST', body: {}, signal: AbortSignal.timeout(OPENING) });
      hear(Date.parse(expiresAt) - TICKET);
      if (this.#socket !== place) return; // closed meanwhile
      const socket = new WebSocket(`${scheme}://${location.host}/v1/live?ticket=${ticket}`);
      this.#socket = socket;
      this.#heardAt = Date.now();
      socket.onopen = () => [...this.#watched.values()].forEach((one) => { one.since = Date.now(); this.#ask(one); });
      socket.onmessage = (event) => socket === this.#socket && this.#take(JSON.parse(event.data));
      socket.onclose = () => socket === this.#socket && this.#again('Connection lost. Reconnecting …');
    } catch (failure) {
      if (this.#socket !== place) return;
      if (failure instanceof Problem && failure.status < 500 && failure.status !== 429) {
        this.#socket = null;
        this.#tell(failure.message);
      } else {
        this.#again('The server is unavailable. Retrying …');
      }
    }
  }

  #again(why) {
    this.#drop();
    this.#tell(why);
    this.#waiting = setTimeout(() => this.#connect(), this.#pause);
    this.#pause = Math.min(2 * this.#pause, MOST_PAUSE);
  }

  #check() {
    const state = this.#socket?.readyState;
    if (state === undefined || this.#watched.size === 0) return;
    if (Date.now() - this.#heardAt > (state === WebSocket.OPEN ? SILENCE : OPENING)) {
      this.#again('No data received. Reconnecting …');
      return;
    }
    for (const one of [...this.#watched.values()]) {
      if (one.seq !== null && one.hour.isOutdated) this.#ask(one);
      else if (one.seq === null && Date.now() - one.since > PATIENCE) this.#tell('Live counts are not available yet.');
    }
  }

  #take(message) {
    this.#heardAt = Date.now();
    const one = this.#watched.get(message.id);
    if (message.type === 'error') {
      if (one && message.code === 'not_found' && Date.now() - one.since < PATIENCE) setTimeout(() => this.#watched.has(message.id) && this.#ask(one), CHECK);
      else if (one || message.id == null) {
        this.#watched.delete(message.id);
        this.#tell(message.detail);
      }
      return;
    }
    if (!one) return; // left meanwhile
    if (one.seq !== null && message.seq !== one.seq + 1) {
      this.#ask(one); // a hole: begin again
      return;
    }
    one.seq = message.seq;
    this.#pause = LEAST_PAUSE;
    this.#tell(null);
    one.heard(one.hour, one.hour.take(message));
  }
}
