// Speaks with the API. The key is kept by this tab alone and ends with it; it is never in an address.

const KEY = 'clicktide.key';
const OWNER = 'clicktide.owner';

export const session = {
  get key() { return sessionStorage.getItem(KEY); },
  get owner() { return sessionStorage.getItem(OWNER); },
  open(key, owner) {
    sessionStorage.setItem(KEY, key);
    sessionStorage.setItem(OWNER, owner);
  },
  close() {
    sessionStorage.clear();
    dispatchEvent(new Event('signedout'));
  },
};

/** An answer that is none (RFC 9457): why, and which fields are wrong. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail ?? `The server responded with HTTP status ${status}.`);
    this.status = status;
    this.faults = body.errors ?? [];
  }
}

/** Encodes what is put into a path. */
export function path(parts, ...values) {
  return String.raw({ raw: parts }, ...values.map(encodeURIComponent));
}

/** The response, if it is a good one. A key that has ended closes the session. */
export async function call(where, { method = 'GET', key = session.key, query, body, type = 'application/json', headers, signal } = {}) {
  const response = await fetch(query?.size ? `${where}?${query}` : where, {
    method,
    signal,
    body: body === undefined || type !== 'application/json' ? body : JSON.stringify(body),
    headers: { Authorization: `Bearer ${key}`, ...(body !== undefined && { 'Content-Type': type }), ...headers },
  });
  if (response.ok) return response;
  if (response.status === 401 && key === session.key) session.close();
  throw new Problem(response.status, await response.json().catch(() => ({})));
}

export async function ask(where, options) {
  return (await call(where, options)).json();
}

/** The links of an owner with most clicks in a range by name. */
export function topLinks(owner, range, signal) {
  return ask(path`/v1/owners/${owner}/analytics/top-links`, { query: new URLSearchParams(range), signal });
}
