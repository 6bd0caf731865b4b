package clicktide.event;

/**
 * What was to be done with a click when it came, as the owner of its link had decided. It travels
 * with the click, so that a later decision never changes an old count.
 */
public enum TrackingMode {
  /** Counted with everything that can be found out. */
  FULL,
  /**
   * Counted, people and the classes of machines apart; of the visitor nothing else is found out.
   */
  COUNTS_ONLY,
  /** Not counted: the link is not tracked. */
  TRACKING_OFF,
  /** Not counted: it came from a network of the owner. */
  OWN_TRAFFIC;

  public boolean isCounted() {
    return switch (this) {
      case FULL, COUNTS_ONLY -> true;
      case TRACKING_OFF, OWN_TRAFFIC -> false;
    };
  }
}
