package clicktide.deploy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The identity of this process in its clicks (G21). {@code start}: 64 bits drawn at random at each
 * start, so no folder, volume or host image that is copied or put back repeats it. {@code folder}:
 * 64 random bits of the data folder, which name its journals. {@code boot}: the number of starts of
 * the folder. {@code previous}: the newest starts before this one, newest last.
 */
record NodeIdentity(long folder, int boot, long start, List<Long> previous) {
  private static final int MAX_PREVIOUS =
      32; // starts that can die before one of them reaches the log

  /** Reads what the folder keeps, and adds this start durably. */
  static NodeIdentity next(Path data, RandomGenerator random) throws IOException {
    var node = data.resolve("node");
    var starts = data.resolve("starts");
    var isNew = !Files.exists(node);
    var words = isNew ? List.<String>of() : words(node);
    var folder = isNew ? random.nextLong() : Long.parseUnsignedLong(words.get(0), 16);
    var previous = new ArrayList<Long>();
    if (Files.exists(starts)) {
      words(starts).forEach(word -> previous.add(Long.parseUnsignedLong(word, 16)));
    } else if (!isNew) {
      previous.add(folder); // an earlier version took it for its clicks
    }
    var boot = isNew ? 1 : Integer.parseInt(words.get(1)) + 1;
    var kept = previous.subList(Math.max(0, previous.size() - MAX_PREVIOUS), previous.size());
    var now = new NodeIdentity(folder, boot, random.nextLong(), List.copyOf(kept));
    write(starts, now.starts());
    write(node, "%016x %d\n".formatted(folder, boot));
    return now;
  }

  private static List<String> words(Path file) throws IOException {
    return List.of(Files.readString(file).strip().split("\\s+"));
  }

  private String starts() {
    var text = new StringBuilder();
    previous.forEach(one -> text.append("%016x%n".formatted(one)));
    return text.append("%016x%n".formatted(start)).toString();
  }

  private static void write(Path file, String text) throws IOException {
    var part = file.resolveSibling(file.getFileName() + ".part");
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
