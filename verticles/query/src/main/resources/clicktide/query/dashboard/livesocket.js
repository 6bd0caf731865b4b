// The WebSocket for live counts, shared by all subscriptions of a page. It reconnects by itself. The snapshot after each
// reconnection closes any gap.
/** @import { LiveListener, LiveMessage, LiveSubject } from './types.js' */
import { ask, messageOf, Problem } from './api.js';
import { synchronize } from './clock.js';
import { HourCounts } from './hourcounts.js';

// All times are in milliseconds.
const MIN_BACKOFF = 500;
const MAX_BACKOFF = 10_000;
const CHECK_PERIOD = 1_000;
const RECEIVE_TIMEOUT = 30_000; // the server sends at least every ten seconds
const CONNECT_TIMEOUT = 10_000;
const TICKET_LIFETIME = 30_000;
const SNAPSHOT_TIMEOUT = 5_000; // also the time until all nodes know a new link

/**
 * @typedef {object} Subscription
 * @property {number} id
 * @property {LiveSubject} subject
 * @property {LiveListener} listener
 * @property {HourCounts} counts
 * @property {number | null} seq of the last message, null before the first
 * @property {number} since time of the request
 */

export class LiveSocket {
  /** @type {Map<number, Subscription>} */
  #subscriptions = new Map();
  #lastId = 0;
  /** The open socket, a placeholder while a ticket is requested, or null. @type {WebSocket | { close(): void } | null} */
  #socket = null;
  #receivedAt = 0;
  #backoff = MIN_BACKOFF;
  /** @type {number | undefined} */
  #reconnectTimer;
  #checkTimer = setInterval(() => this.#check(), CHECK_PERIOD);
  #onStatus;

  /** @param {(message: string | null) => void} onStatus called with a problem, or with null if there is none */
  constructor(onStatus) {
    this.#onStatus = onStatus;
  }

  /**
   * Subscribes to the counts of a link or an owner until the signal is aborted.
   * @param {LiveSubject} subject
   * @param {LiveListener} listener
   * @param {AbortSignal} signal
   */
  subscribe(subject, listener, signal) {
    /** @type {Subscription} */
    const subscription = { id: 0, subject, listener, counts: new HourCounts(), seq: null, since: Date.now() };
    if (this.#subscriptions.size === 0) this.#receivedAt = Date.now();
    this.#request(subscription);
    signal.addEventListener('abort', () => {
      this.#subscriptions.delete(subscription.id);
      this.#send({ type: 'unsubscribe', ...subject });
    });
    this.#connect();
  }

  close() {
    clearTimeout(this.#reconnectTimer);
    clearInterval(this.#checkTimer);
    this.#subscriptions.clear();
    this.#disconnect();
  }

  /**
   * Requests a snapshot under a new id. Messages under the old id are ignored.
   * @param {Subscription} subscription
   */
  #request(subscription) {
    this.#subscriptions.delete(subscription.id);
    subscription.id = ++this.#lastId;
    subscription.seq = null;
    this.#subscriptions.set(subscription.id, subscription);
    this.#send({ type: 'subscribe', id: subscription.id, ...subscription.subject });
  }

  /** @param {object} message */
  #send(message) {
    const socket = this.#socket;
    if (socket instanceof WebSocket && socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  }

  #disconnect() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  async #connect() {
    if (this.#socket || this.#subscriptions.size === 0) return;
    clearTimeout(this.#reconnectTimer);
    const placeholder = { close() {} }; // prevents a second connection
    this.#socket = placeholder;
    try {
      const signal = AbortSignal.timeout(CONNECT_TIMEOUT);
      const { ticket, expiresAt } = await ask('/v1/live/tickets', { method: 'POST', body: {}, signal });
      synchronize(Date.parse(expiresAt) - TICKET_LIFETIME);
      if (this.#socket === placeholder) this.#open(ticket); // else closed in the meantime
    } catch (failure) {
      if (this.#socket !== placeholder) return;
      if (failure instanceof Problem && failure.status < 500 && failure.status !== 429) {
        this.#socket = null;
        this.#onStatus(messageOf(failure));
      } else {
        this.#reconnect('The server is unavailable. Retrying …');
      }
    }
  }

  /** @param {string} ticket */
  #open(ticket) {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const socket = new WebSocket(`${scheme}://${location.host}/v1/live?ticket=${ticket}`);
    this.#socket = socket;
    this.#receivedAt = Date.now();
    socket.onopen = () => [...this.#subscriptions.values()].forEach((subscription) => {
      subscription.since = Date.now();
      this.#request(subscription);
    });
    socket.onmessage = (event) => socket === this.#socket && this.#receive(JSON.parse(event.data));
    socket.onclose = () => socket === this.#socket && this.#reconnect('Connection lost. Reconnecting …');
  }

  /** @param {string} reason */
  #reconnect(reason) {
    this.#disconnect();
    this.#onStatus(reason);
    this.#reconnectTimer = setTimeout(() => this.#connect(), this.#backoff);
    this.#backoff = Math.min(2 * this.#backoff, MAX_BACKOFF);
  }

  /** Detects a silent connection, outdated counts and missing snapshots. */
  #check() {
    const socket = this.#socket;
    if (!(socket instanceof WebSocket) || this.#subscriptions.size === 0) return;
    const timeout = socket.readyState === WebSocket.OPEN ? RECEIVE_TIMEOUT : CONNECT_TIMEOUT;
    if (Date.now() - this.#receivedAt > timeout) {
      this.#reconnect('No data received. Reconnecting …');
      return;
    }
    for (const subscription of [...this.#subscriptions.values()]) {
      const { seq, counts, since } = subscription;
      if (seq !== null && counts.isOutdated) this.#request(subscription);
      else if (seq === null && Date.now() - since > SNAPSHOT_TIMEOUT) this.#onStatus('Live counts are not available yet.');
    }
  }

  /** @param {LiveMessage} message */
  #receive(message) {
    this.#receivedAt = Date.now();
    const subscription = this.#subscriptions.get(message.id ?? 0);
    if (message.type === 'error') {
      if (subscription && message.code === 'not_found' && Date.now() - subscription.since < SNAPSHOT_TIMEOUT) {
        const { id } = subscription;
        setTimeout(() => this.#subscriptions.has(id) && this.#request(subscription), CHECK_PERIOD);
      } else if (subscription || message.id == null) {
        this.#subscriptions.delete(message.id ?? 0);
        this.#onStatus(message.detail);
      }
      return;
    }
    if (!subscription) return; // the page was left
    if (subscription.seq !== null && message.seq !== subscription.seq + 1) { // a gap
      this.#request(subscription);
      return;
    }
    subscription.seq = message.seq;
    this.#backoff = MIN_BACKOFF;
    this.#onStatus(null);
    subscription.listener(subscription.counts, subscription.counts.apply(message));
  }
}
