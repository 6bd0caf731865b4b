package clicktide.deploy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.random.RandomGenerator;

/**
 * The identity of this process in its clicks: 64 random bits, kept in the data folder, and the
 * number of this start, which is increased durably before the first click.
 */
record NodeIdentity(long id, int boot) {
  /** Reads the identity, or creates it, and increases the number of starts. */
  static NodeIdentity next(Path data, RandomGenerator random) throws IOException {
    var file = data.resolve("node");
    var last = Files.exists(file) ? read(file) : new NodeIdentity(random.nextLong(), 0);
    var now = new NodeIdentity(last.id(), last.boot() + 1);
    now.write(file);
    return now;
  }

  private static NodeIdentity read(Path file) throws IOException {
    var words = Files.readString(file).strip().split(" ", -1);
    return new NodeIdentity(Long.parseUnsignedLong(words[0], 16), Integer.parseInt(words[1]));
  }

  private void write(Path file) throws IOException {
    var part = file.resolveSibling("node.part");
    var text = "%016x %d\n".formatted(id, boot);
    try (var channel =
        FileChannel.open(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
      channel.force(true);
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (var folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
      folder.force(true); // or the rename could be lost
    }
  }
}
