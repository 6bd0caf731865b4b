// The server's time: clocks of browsers may be minutes wrong.

const TOLERATED = 2_000; // so long an answer may be under way
let ahead = 0;

export const now = () => Date.now() - ahead;

/** Something that is never kept by a cache tells the server's time. */
export function hear(serverTime) {
  const difference = Date.now() - serverTime;
  ahead = Math.abs(difference) > TOLERATED ? difference : 0;
}
