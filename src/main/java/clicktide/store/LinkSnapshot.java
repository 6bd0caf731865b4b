package clicktide.store;

import clicktide.event.OwnerId;
import clicktide.link.Link;
import clicktide.link.Link.Rules;
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
import java.util.Collection;
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
  private static final int MAGIC = 0x43544c31; // "CTL1"

  private final Path file;

  public LinkSnapshot(Path file) {
    this.file = file;
  }

  /** Hands over every link, and says up to which change they are all there; empty: none is. */
  public Optional<Instant> read(Consumer<Link> consumer) {
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
        var seen = Instant.ofEpochMilli(in.readLong());
        for (var left = in.readInt(); left > 0; left--) {
          consumer.accept(link(in));
        }
        return Optional.of(seen);
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

  /** All changes up to {@code seen} are among these links. */
  public void write(Collection<Link> links, Instant seen) throws IOException {
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
      out.writeLong(seen.toEpochMilli());
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
    out.writeLong(rules.startsAt().map(Instant::toEpochMilli).orElse(Long.MIN_VALUE));
    out.writeLong(rules.expiresAt().map(Instant::toEpochMilli).orElse(Long.MIN_VALUE));
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
            time(in.readLong()),
            time(in.readLong()));
    return new Link(id, code, owner, rules, version, createdAt, updatedAt);
  }

  private static Optional<Instant> time(long millis) {
    return millis == Long.MIN_VALUE ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }
}
