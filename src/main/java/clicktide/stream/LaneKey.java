package clicktide.stream;

import clicktide.event.Identity;

/** An event loop of one boot of a node. All lanes of a node follow each other. */
record LaneKey(long node, int boot, int number) implements Comparable<LaneKey> {
  static LaneKey of(Identity.Own click) {
    return new LaneKey(click.node(), click.boot(), click.lane());
  }

  static LaneKey first(long node) {
    return new LaneKey(node, Integer.MIN_VALUE, Integer.MIN_VALUE);
  }

  static LaneKey last(long node) {
    return new LaneKey(node, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  @Override
  public int compareTo(LaneKey other) {
    var byNode = Long.compare(node, other.node);
    var byBoot = byNode != 0 ? byNode : Integer.compare(boot, other.boot);
    return byBoot != 0 ? byBoot : Integer.compare(number, other.number);
  }
}
