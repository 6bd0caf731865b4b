package clicktide.stream;

import clicktide.event.Identity;

/** A lane with the numbers that were read of it. Neighbouring clicks are mostly of one lane. */
record LastLane(LaneKey key, Intervals numbers) {
  boolean isOf(Identity.Own click) {
    return key.node() == click.node() && key.boot() == click.boot() && key.number() == click.lane();
  }
}
