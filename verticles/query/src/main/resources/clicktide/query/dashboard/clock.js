// The server's time, as far as its answers tell it: clocks of browsers may be minutes wrong.

const TOLERATED = 2_000; // answers tell whole seconds
let ahead = 0;

export const now = () => Date.now() - ahead;

/** An answer says through when it counted, and how old that is. */
export function hear({ freshThrough, freshnessSeconds }) {
  const through = Date.parse(freshThrough);
  if (!(through > 0)) return;
  const difference = Date.now() - (through + freshnessSeconds * 1000);
  ahead = Math.abs(difference) > TOLERATED ? difference : 0;
}
