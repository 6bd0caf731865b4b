// A fake of the browser's location, which has a fragment only.

/** @param {string} hash */
export function visit(hash) {
  Object.defineProperty(globalThis, 'location', { value: { hash }, configurable: true });
}
