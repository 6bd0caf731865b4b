// The server's time. The clock of a browser may be minutes off.

const TOLERANCE = 2_000; // ms, the time a response may take to arrive
let offset = 0; // ms, the browser's clock minus the server's clock

/** Returns the server's time in milliseconds since the epoch. */
export const now = () => Date.now() - offset;

/**
 * Adjusts to a time that the server has just sent, in milliseconds since the epoch. The response must not come from a cache.
 * @param {number} serverTime
 */
export function synchronize(serverTime) {
  const difference = Date.now() - serverTime;
  offset = Math.abs(difference) > TOLERANCE ? difference : 0;
}
