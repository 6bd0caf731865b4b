package clicktide.replica;

import clicktide.event.OwnerId;
import clicktide.link.Link;
import clicktide.link.Link.Rules;
import clicktide.net.Network;
import clicktide.wire.SnapshotHeader;
import java.io.DataInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads the format of snapshots before Protobuf. Nothing writes it any more. */
final class BinarySnapshot {
  static final int MAGIC = 0x43544c33; // "CTL3"

  private BinarySnapshot() {}

  /** Reads the content after the magic. */
  static SnapshotHeader read(DataInputStream in, Consumer<Link> consumer) throws IOException {
    var seen = Instant.ofEpochMilli(in.readLong());
    var networks = new HashMap<OwnerId, List<Network>>();
    for (var owners = in.readInt(); owners > 0; owners--) {
      var owner = new OwnerId(in.readLong());
      var own = new ArrayList<Network>();
      for (var left = in.readInt(); left > 0; left--) {
        Network.parse(in.readUTF()).ifPresent(own::add);
      }
      networks.put(owner, own);
    }
    var links = in.readInt();
    for (var left = links; left > 0; left--) {
      consumer.accept(link(in));
    }
    return new SnapshotHeader("", seen, networks, links);
  }

  private static Link link(DataInputStream in) throws IOException {
    var id = in.readLong();
    var code = in.readUTF();
    var owner = new OwnerId(in.readLong());
    var version = in.readInt();
    var createdAt = Instant.ofEpochMilli(in.readLong());
    var updatedAt = Instant.ofEpochMilli(in.readLong());
    var rules =
        new Rules(
            in.readUTF(),
            in.readShort(),
            Link.State.valueOf(in.readUTF()),
            Link.Tracking.valueOf(in.readUTF()),
            time(in.readLong()),
            time(in.readLong()),
            in.readBoolean());
    return new Link(id, code, owner, rules, Link.Notes.NONE, version, createdAt, updatedAt);
  }

  private static Optional<Instant> time(long millis) {
    return millis == Long.MIN_VALUE ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }
}
