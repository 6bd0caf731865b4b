package clicktide.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * A limit of the bytes per second that some processes write to the disk of a folder, by a control
 * group (version 1, blkio) of this driver. Closing it removes the limit.
 */
final class SlowDisk implements AutoCloseable {
  private static final Path ALL = Path.of("/sys/fs/cgroup/blkio");
  private static final String MEMBERS = "cgroup.procs";

  private final Path group;

  private SlowDisk(Path group) {
    this.group = group;
  }

  /** Empty if the machine does not support it. */
  static Optional<SlowDisk> of(Path folder, int bytesPerSecond) {
    var group = ALL.resolve("clicktide-" + ProcessHandle.current().pid());
    try {
      var device = (Long) Files.getAttribute(folder, "unix:dev");
      var major = device >> 8 & 0xfff;
      var minor = device & 0xff | device >> 12 & 0xfff00;
      Files.createDirectory(group);
      var bound = "%d:%d %d".formatted(major, minor, bytesPerSecond);
      Files.writeString(group.resolve("blkio.throttle.write_bps_device"), bound);
      return Optional.of(new SlowDisk(group));
    } catch (IOException | UnsupportedOperationException e) {
      LoggerFactory.getLogger(SlowDisk.class)
          .warn("The rate of a disk cannot be limited on this machine", e);
      return Optional.empty();
    }
  }

  /** Limits a process and its future children. */
  void slow(long process) throws IOException {
    Files.writeString(group.resolve(MEMBERS), Long.toString(process));
  }

  @Override
  public void close() throws IOException {
    for (var process : Files.readAllLines(group.resolve(MEMBERS))) {
      Files.writeString(ALL.resolve(MEMBERS), process);
    }
    Files.delete(group);
  }
}
