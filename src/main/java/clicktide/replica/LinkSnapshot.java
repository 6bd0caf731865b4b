package clicktide.replica;

import clicktide.link.Link;
import clicktide.wire.SnapshotHeader;
import clicktide.wire.SnapshotInput;
import clicktide.wire.SnapshotOutput;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file with all links, from which a node redirects while no store is available (rule 5). A new
 * file is written next to the old one, synced to the disk, and then moved over it. A damaged file
 * counts as missing. The format is in {@code link_snapshot.proto}.
 */
public final class LinkSnapshot {
  private static final Logger log = LoggerFactory.getLogger(LinkSnapshot.class);
  private static final int MAGIC = 0x43544c34; // "CTL4"
  private static final int BUFFER = 1 << 16;

  private final Path file;

  public LinkSnapshot(Path file) {
    this.file = file;
  }

  /**
   * Hands over every link and returns the header; empty without a usable file. A file of the format
   * before is written again in this format. Blocks.
   */
  public Optional<SnapshotHeader> read(Consumer<Link> consumer) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try (var in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER))) {
      if (!isWhole()) {
        log.warn("{} is damaged and is not used", file);
        return Optional.empty();
      }
      return switch (in.readInt()) {
        case MAGIC -> Optional.of(read(new SnapshotInput(in), consumer));
        case BinarySnapshot.MAGIC -> Optional.of(convert(in, consumer));
        default -> {
          log.warn("{} is no snapshot of links and is not used", file);
          yield Optional.empty();
        }
      };
    } catch (IOException | RuntimeException e) {
      log.warn("{} could not be read and is not used", file, e);
      return Optional.empty();
    }
  }

  private static SnapshotHeader read(SnapshotInput in, Consumer<Link> consumer) throws IOException {
    var header = in.header();
    for (var left = header.links(); left > 0; left--) {
      consumer.accept(in.link());
    }
    return header;
  }

  private SnapshotHeader convert(DataInputStream in, Consumer<Link> consumer) throws IOException {
    var links = new ArrayList<Link>();
    var header = BinarySnapshot.read(in, links::add);
    links.forEach(consumer);
    try {
      write(header, links);
      log.info("{} is converted to Protobuf", file);
    } catch (IOException e) {
      log.warn("{} could not be converted to Protobuf", file, e);
    }
    return header;
  }

  /** Compares the checksum at the end with the bytes before it. */
  private boolean isWhole() throws IOException {
    var length = Files.size(file) - Long.BYTES;
    if (length < Integer.BYTES) {
      return false;
    }
    var crc = new CRC32C();
    try (var checked =
            new CheckedInputStream(
                new BufferedInputStream(Files.newInputStream(file), BUFFER), crc);
        var in = new DataInputStream(checked)) {
      in.skipNBytes(length);
      var expected = crc.getValue();
      return in.readLong() == expected;
    }
  }

  /** Writes a header and its links. Blocks. */
  public void write(SnapshotHeader header, Collection<Link> links) throws IOException {
    var part = file.resolveSibling(file.getFileName() + ".part");
    var crc = new CRC32C();
    try (var channel =
            FileChannel.open(
                part,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        var checked = new CheckedOutputStream(Channels.newOutputStream(channel), crc);
        var out = new DataOutputStream(new BufferedOutputStream(checked, BUFFER))) {
      out.writeInt(MAGIC);
      var messages = new SnapshotOutput(out);
      messages.write(header);
      for (var link : links) {
        messages.write(link);
      }
      out.flush(); // so that the checksum has every byte
      out.writeLong(crc.getValue());
      out.flush();
      channel.force(true);
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
