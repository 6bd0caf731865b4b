package clicktide.wire;

import clicktide.event.OwnerId;
import clicktide.link.Link;
import clicktide.link.Link.Rules;
import clicktide.link.Link.State;
import clicktide.link.Link.Tracking;
import clicktide.net.Network;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the messages that {@link SnapshotOutput} writes, in the same order. Unknown fields are
 * ignored. Unknown values of enums throw {@link IllegalArgumentException}. For one thread.
 */
public final class SnapshotInput {
  private static final List<State> STATES = List.of(State.values());
  private static final List<Tracking> TRACKINGS = List.of(Tracking.values());

  private final CodedInputStream in;

  public SnapshotInput(InputStream in) {
    this.in = CodedInputStream.newInstance(in, 1 << 16);
  }

  /** Throws {@link IllegalArgumentException} for another format. */
  public SnapshotHeader header() throws IOException {
    var format = 0;
    var incarnation = "";
    var seen = Instant.EPOCH;
    var links = 0;
    var networks = new HashMap<OwnerId, List<Network>>();
    var limit = in.pushLimit(length());
    for (int tag; (tag = in.readTag()) != 0; ) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> format = in.readInt32();
        case 2 -> seen = instant(in.readInt64());
        case 3 -> links = in.readInt32();
        case 4 -> owner(networks);
        case 5 -> incarnation = in.readString();
        default -> in.skipField(tag);
      }
    }
    in.popLimit(limit);
    if (format != SnapshotHeader.FORMAT) {
      throw new IllegalArgumentException(
          "The format of the snapshot must be %d, not %d."
              .formatted(SnapshotHeader.FORMAT, format));
    }
    return new SnapshotHeader(incarnation, seen, networks, links);
  }

  private void owner(Map<OwnerId, List<Network>> networks) throws IOException {
    var owner = 0L;
    var own = new ArrayList<Network>();
    var limit = in.pushLimit(in.readRawVarint32());
    for (int tag; (tag = in.readTag()) != 0; ) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> owner = in.readFixed64();
        case 2 -> Network.parse(in.readString()).ifPresent(own::add);
        default -> in.skipField(tag);
      }
    }
    in.popLimit(limit);
    networks.put(new OwnerId(owner), own);
  }

  /** Reads the next link, which has no notes. */
  public Link link() throws IOException {
    var id = 0L;
    var code = "";
    var owner = 0L;
    var version = 0;
    var createdAt = 0L;
    var updatedAt = 0L;
    var destination = "";
    var status = 0;
    var state = 0;
    var tracking = 0;
    var startsAt = 0L;
    var expiresAt = 0L;
    var forwardsQuery = false;
    var limit = in.pushLimit(length());
    for (int tag; (tag = in.readTag()) != 0; ) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> id = in.readInt64();
        case 2 -> code = in.readString();
        case 3 -> owner = in.readFixed64();
        case 4 -> version = in.readInt32();
        case 5 -> createdAt = in.readInt64();
        case 6 -> updatedAt = in.readInt64();
        case 7 -> destination = in.readString();
        case 8 -> status = in.readInt32();
        case 9 -> state = in.readInt32();
        case 10 -> tracking = in.readInt32();
        case 11 -> startsAt = in.readInt64();
        case 12 -> expiresAt = in.readInt64();
        case 13 -> forwardsQuery = in.readBool();
        default -> in.skipField(tag);
      }
    }
    in.popLimit(limit);
    var rules =
        new Rules(
            destination,
            status,
            state(state),
            tracking(tracking),
            optional(startsAt),
            optional(expiresAt),
            forwardsQuery);
    return new Link(
        id,
        code,
        new OwnerId(owner),
        rules,
        Link.Notes.NONE,
        version,
        instant(createdAt),
        instant(updatedAt));
  }

  private static State state(int id) {
    for (var state : STATES) {
      if (SnapshotOutput.id(state) == id) {
        return state;
      }
    }
    throw new IllegalArgumentException(
        "The snapshot has a link in the unknown state %d.".formatted(id));
  }

  private static Tracking tracking(int id) {
    for (var tracking : TRACKINGS) {
      if (SnapshotOutput.id(tracking) == id) {
        return tracking;
      }
    }
    throw new IllegalArgumentException(
        "The snapshot has a link with the unknown tracking %d.".formatted(id));
  }

  private int length() throws IOException {
    in.resetSizeCounter(); // a file may be larger than one message can be
    return in.readRawVarint32();
  }

  private static Optional<Instant> optional(long micros) {
    return micros == 0 ? Optional.empty() : Optional.of(instant(micros));
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
