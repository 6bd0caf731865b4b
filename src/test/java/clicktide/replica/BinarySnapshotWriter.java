package clicktide.replica;

import clicktide.event.OwnerId;
import clicktide.link.Link;
import clicktide.net.Network;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/** Writes snapshots as versions before Protobuf did. */
final class BinarySnapshotWriter {
  private BinarySnapshotWriter() {}

  static void write(
      Path file, Collection<Link> links, Instant seen, Map<OwnerId, List<Network>> ownNetworks)
      throws IOException {
    var crc = new CRC32C();
    try (var buffered = new BufferedOutputStream(Files.newOutputStream(file));
        var out = new DataOutputStream(new CheckedOutputStream(buffered, crc))) {
      out.writeInt(0x43544c33);
      out.writeLong(seen.toEpochMilli());
      out.writeInt(ownNetworks.size());
      for (var entry : ownNetworks.entrySet()) {
        out.writeLong(entry.getKey().number());
        out.writeInt(entry.getValue().size());
        for (var network : entry.getValue()) {
          out.writeUTF(network.text());
        }
      }
      out.writeInt(links.size());
      for (var link : links) {
        write(out, link);
      }
      out.writeLong(crc.getValue());
    }
  }

  private static void write(DataOutputStream out, Link link) throws IOException {
    var rules = link.rules();
    out.writeLong(link.id());
    out.writeUTF(link.code());
    out.writeLong(link.owner().number());
    out.writeInt(link.version());
    out.writeLong(link.createdAt().toEpochMilli());
    out.writeLong(link.updatedAt().toEpochMilli());
    out.writeUTF(rules.destination());
    out.writeShort(rules.status());
    out.writeUTF(rules.state().name());
    out.writeUTF(rules.tracking().name());
    out.writeLong(rules.startsAt().map(Instant::toEpochMilli).orElse(Long.MIN_VALUE));
    out.writeLong(rules.expiresAt().map(Instant::toEpochMilli).orElse(Long.MIN_VALUE));
    out.writeBoolean(rules.forwardsQuery());
  }
}
