package clicktide.wire;

import clicktide.event.OwnerId;
import clicktide.link.Link;
import clicktide.link.Link.State;
import clicktide.link.Link.Tracking;
import clicktide.net.Network;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Writes a header and links as length-delimited Protobuf messages, as {@code link_snapshot.proto}
 * describes them. For one thread.
 */
public final class SnapshotOutput {
  private final OutputStream out;
  private final ProtobufWriter message = new ProtobufWriter(512);

  public SnapshotOutput(OutputStream out) {
    this.out = out;
  }

  public void write(SnapshotHeader header) throws IOException {
    message.clear();
    message.varint(1, SnapshotHeader.FORMAT);
    message.varint(2, micros(header.seen()));
    message.varint(3, header.links());
    header.ownNetworks().forEach((owner, networks) -> message.message(4, encode(owner, networks)));
    message.text(5, header.incarnation());
    delimited();
  }

  private static byte[] encode(OwnerId owner, List<Network> networks) {
    var writer = new ProtobufWriter(64);
    writer.fixed64(1, owner.number());
    networks.forEach(network -> writer.text(2, network.text()));
    return writer.copy();
  }

  /** Writes a link without its notes. */
  public void write(Link link) throws IOException {
    var rules = link.rules();
    message.clear();
    message.varint(1, link.id());
    message.text(2, link.code());
    message.fixed64(3, link.owner().number());
    message.varint(4, link.version());
    message.varint(5, micros(link.createdAt()));
    message.varint(6, micros(link.updatedAt()));
    message.text(7, rules.destination());
    message.varint(8, rules.status());
    message.varint(9, id(rules.state()));
    message.varint(10, id(rules.tracking()));
    message.varint(11, rules.startsAt().map(SnapshotOutput::micros).orElse(0L));
    message.varint(12, rules.expiresAt().map(SnapshotOutput::micros).orElse(0L));
    message.varint(13, rules.forwardsQuery() ? 1 : 0);
    delimited();
  }

  /** Returns the permanent id of a state. */
  static int id(State state) {
    return switch (state) {
      case ACTIVE -> 0;
      case DISABLED -> 1;
      case EXHAUSTED -> 2;
      case DELETED -> 3;
    };
  }

  /** Returns the permanent id of a kind of tracking. */
  static int id(Tracking tracking) {
    return switch (tracking) {
      case FULL -> 0;
      case COUNTS -> 1;
      case OFF -> 2;
    };
  }

  private void delimited() throws IOException {
    var rest = message.size();
    while (rest > 0x7f) {
      out.write(rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
    out.write(message.array(), 0, message.size());
  }

  private static long micros(Instant at) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, at);
  }
}
