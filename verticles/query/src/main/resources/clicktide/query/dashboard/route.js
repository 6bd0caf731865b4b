// Where one is, as the part of the address behind the #: a page, a name and a query.

export function route() {
  const [path, query] = location.hash.slice(1).split('?');
  const parts = path.split('/').slice(1);
  try {
    const [page = '', name = ''] = parts.map(decodeURIComponent);
    return { page, name, query: new URLSearchParams(query) };
  } catch {
    return { page: 'missing', name: '', query: new URLSearchParams() }; // an escape that is none
  }
}

export function address(page = '', name = '', query) {
  const path = [page, name].filter(Boolean).map(encodeURIComponent).join('/');
  return `#/${path}${query?.size ? `?${query}` : ''}`;
}

/** Goes there with some parameters changed; null takes one away. */
export function change(parameters) {
  const { page, name, query } = route();
  for (const [key, value] of Object.entries(parameters)) {
    if (value) query.set(key, value);
    else query.delete(key);
  }
  location.hash = address(page, name, query);
}
