package clicktide.wire;

import clicktide.event.OwnerId;
import clicktide.net.Network;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The header of a snapshot of links. All changes of this incarnation of the store up to {@code
 * seen} are among the links that follow. Owners are absent if they exclude no network from their
 * counts. The incarnation is empty in a snapshot of an earlier version.
 */
public record SnapshotHeader(
    String incarnation, Instant seen, Map<OwnerId, List<Network>> ownNetworks, int links) {
  /** Raised only when an older reader would redirect wrongly. */
  static final int FORMAT = 1;
}
