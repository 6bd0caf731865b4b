// The location within the dashboard, as the fragment of the address: a page, a name and a query.
/** @import { Route } from './types.js' */

/**
 * Reads the fragment of the address.
 * @returns {Route}
 */
export function route() {
  const [path, query] = location.hash.slice(1).split('?');
  const parts = path.split('/').slice(1);
  try {
    const [page = '', name = ''] = parts.map(decodeURIComponent);
    return { page, name, query: new URLSearchParams(query) };
  } catch { // a malformed percent-encoding
    return { page: 'missing', name: '', query: new URLSearchParams() };
  }
}

/**
 * Builds the fragment of a location.
 * @param {string} [page]
 * @param {string} [name]
 * @param {URLSearchParams} [query]
 */
export function address(page = '', name = '', query) {
  const path = [page, name].filter(Boolean).map(encodeURIComponent).join('/');
  return `#/${path}${query?.size ? `?${query}` : ''}`;
}

/**
 * Changes parameters of the query of the current location. An empty value, null or false removes a parameter.
 * @param {Record<string, string | false | null>} parameters
 */
export function change(parameters) {
  const { page, name, query } = route();
  for (const [key, value] of Object.entries(parameters)) {
    if (value) query.set(key, value);
    else query.delete(key);
  }
  location.hash = address(page, name, query);
}
