package clicktide.replica;

import clicktide.event.OwnerId;
import clicktide.link.Link;
import clicktide.link.Link.Rules;
import clicktide.net.Network;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All links in one file of this node, so that it serves them with every store away (rule 5).
 * Written beside the old one and moved over it; one that is not whole is as good as none.
 */
public final class LinkSnapshot {
  private static final Logger log = LoggerFactory.getLogger(LinkSnapshot.class);
  private static final int MAGIC = 0x43544c33; // "CTL3"

  private final Path file;

  public LinkSnapshot(Path file) {
    this.file = file;
  }

  /** Up to which change all links are there, and whose networks are not to be counted. */
  public record Head(Instant seen, Map<OwnerId, List<Network>> ownNetworks) {}

  /** Hands over every link, and says what they are; empty: none is there. */
  public Optional<Head> read(Consumer<Link> consumer) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      if (!isWhole()) {
        log.warn("{} is not whole and is not used", file);
        return Optional.empty();
      }
      try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
        in.readInt();
        var head = head(in);
        for (var left = in.readInt(); left > 0; left--) {
          consumer.accept(link(in));
        }
        return Optional.of(head);
      }
    } catch (IOException | RuntimeException e) {
      log.warn("{} cannot be read and is not used", file, e);
      return Optional.empty();
    }
  }

  private boolean isWhole() throws IOException {
    var crc = new CRC32C();
    try (var checked =
            new CheckedInputStream(new BufferedInputStream(Files.newInputStream(file)), crc);
        var in = new DataInputStream(checked)) {
      if (in.readInt() != MAGIC) {
        return false;
      }
      in.skipNBytes(Files.size(file) - Integer.BYTES - Long.BYTES);
      var expected = crc.getValue();
      return in.readLong() == expected;
    }
  }

  private static Head head(DataInputStream in) throws IOException {
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
    return new Head(seen, networks);
  }

  /** All changes up to the head's are among these links. */
  public void write(Collection<Link> links, Head head) throws IOException {
    var part = file.resolveSibling(file.getFileName() + ".part");
    var crc = new CRC32C();
    try (var channel =
            FileChannel.open(
                part,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        var buffered = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
        var out = new DataOutputStream(new CheckedOutputStream(buffered, crc))) {
      out.writeInt(MAGIC);
      write(out, head);
      out.writeInt(links.size());
      for (var link : links) {
        write(out, link);
      }
      out.writeLong(crc.getValue());
      out.flush();
      channel.force(true);
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void write(DataOutputStream out, Head head) throws IOException {
    out.writeLong(head.seen.toEpochMilli());
    out.writeInt(head.ownNetworks.size());
    for (var entry : head.ownNetworks.entrySet()) {
      out.writeLong(entry.getKey().number());
      out.writeInt(entry.getValue().size());
      for (var network : entry.getValue()) {
        out.writeUTF(network.text());
      }
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
