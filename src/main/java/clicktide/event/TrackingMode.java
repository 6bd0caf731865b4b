package clicktide.event;

import java.util.List;
import java.util.Optional;

/**
 * The treatment of a click that the owner of its link had chosen when the click came. It travels
 * with the click, so a later choice never changes an old count. The id of a mode is permanent: the
 * log keeps it.
 */
public enum TrackingMode {
  /** The click is counted with every dimension. */
  FULL(0),
  /** The click is counted as human or bot with its class; every other dimension stays empty. */
  COUNTS_ONLY(1),
  /** The click is not counted, because the link is not tracked. */
  TRACKING_OFF(2),
  /** The click is not counted, because it came from a network of the owner. */
  OWN_TRAFFIC(3);

  private static final List<TrackingMode> ALL = List.of(values());

  private final int id;

  TrackingMode(int id) {
    this.id = id;
  }

  public int id() {
    return id;
  }

  /** Returns the mode with an id, empty if a newer version has written it. */
  public static Optional<TrackingMode> withId(long id) {
    for (var mode : ALL) { // a stream is slow for each click
      if (mode.id == id) {
        return Optional.of(mode);
      }
    }
    return Optional.empty();
  }

  public boolean isCounted() {
    return switch (this) {
      case FULL, COUNTS_ONLY -> true;
      case TRACKING_OFF, OWN_TRAFFIC -> false;
    };
  }
}
