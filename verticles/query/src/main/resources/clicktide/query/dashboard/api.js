// Calls the API. The API key is stored in this tab only and is never part of an address.
/** @import { FieldError, ProblemBody, TopLinks } from './types.js' */

const KEY = 'clicktide.key';
const OWNER = 'clicktide.owner';

export const session = {
  get key() { return sessionStorage.getItem(KEY); },
  get owner() { return sessionStorage.getItem(OWNER); },
  /**
   * @param {string} key
   * @param {string} owner
   */
  open(key, owner) {
    sessionStorage.setItem(KEY, key);
    sessionStorage.setItem(OWNER, owner);
  },
  /** Deletes the key and announces it by the event `signedout`. */
  close() {
    sessionStorage.clear();
    dispatchEvent(new Event('signedout'));
  },
};

/** A problem response (RFC 9457): its reason and the errors of fields. */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {ProblemBody} body
   */
  constructor(status, body) {
    super(body.detail ?? `The server responded with HTTP status ${status}.`);
    this.status = status;
    /** @type {FieldError[]} */
    this.errors = body.errors ?? [];
  }
}

/**
 * Returns the message of a caught error.
 * @param {unknown} failure
 */
export const messageOf = (failure) => (failure instanceof Error ? failure.message : String(failure));

/**
 * Builds a path; the values are encoded.
 * @param {TemplateStringsArray} parts
 * @param {...string} values
 */
export function path(parts, ...values) {
  return String.raw({ raw: parts }, ...values.map(encodeURIComponent));
}

/**
 * @typedef {object} CallOptions
 * @property {string} [method] `GET` by default
 * @property {string | null} [key] the key of the session by default
 * @property {URLSearchParams} [query]
 * @property {unknown} [body] an object is sent as JSON, a body of another type as it is
 * @property {string} [type] the content type of the body
 * @property {Record<string, string>} [headers]
 * @property {AbortSignal} [signal]
 */

/**
 * Returns a successful response, or throws a `Problem`. If the session's key is no longer valid, the session is closed.
 * @param {string} url
 * @param {CallOptions} [options]
 */
export async function call(url, { method = 'GET', key = session.key, query, body, type = 'application/json', headers, signal } = {}) {
  const isJson = body !== undefined && type === 'application/json';
  const response = await fetch(query?.size ? `${url}?${query}` : url, {
    method,
    signal,
    body: isJson ? JSON.stringify(body) : /** @type {BodyInit | undefined} */ (body),
    headers: { Authorization: `Bearer ${key}`, ...(body !== undefined && { 'Content-Type': type }), ...headers },
  });
  if (response.ok) return response;
  if (response.status === 401 && key === session.key) session.close();
  throw new Problem(response.status, await response.json().catch(() => ({})));
}

/**
 * Returns the JSON body of a successful response.
 * @param {string} url
 * @param {CallOptions} [options]
 */
export async function ask(url, options) {
  return (await call(url, options)).json();
}

/**
 * Returns the links of an owner with the most clicks in a range.
 * @param {string} owner
 * @param {Record<string, string>} range parameters of the range, and `limit`
 * @param {AbortSignal} [signal]
 * @returns {Promise<TopLinks>}
 */
export function topLinks(owner, range, signal) {
  return ask(path`/v1/owners/${owner}/analytics/top-links`, { query: new URLSearchParams(range), signal });
}
