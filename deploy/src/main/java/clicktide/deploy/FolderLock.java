package clicktide.deploy;

import clicktide.buffer.PrivateFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lock of a folder: one process and one user, because the folder holds addresses and keys. The
 * operating system frees it however the process ends.
 */
final class FolderLock implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FolderLock.class);

  private final FileLock lock;

  private FolderLock(FileLock lock) {
    this.lock = lock;
  }

  /** Locks the data folder; throws {@link IllegalStateException} if it is locked. */
  static FolderLock ofData(Path folder) {
    return take(
        folder,
        "The data folder %s is in use by another Clicktide. Stop it, or name another folder with --data.");
  }

  /**
   * Locks the folder of the journals, which only a copy of the data folder can share. The lock is
   * empty if the file system in memory has no room: then the data folder has the journals.
   */
  static Optional<FolderLock> ofJournals(Path folder) {
    try {
      PrivateFolder.create(folder);
    } catch (IOException e) {
      log.debug("The folder {} cannot be created", folder, e);
      return Optional.empty();
    }
    return Optional.of(
        take(
            folder,
            "The journals in %s are in use by another Clicktide, because its data folder was copied. Set CLICKTIDE_JOURNAL to another folder, or delete the file `node` of the copy."));
  }

  private static FolderLock take(Path folder, String refusal) {
    try {
      Files.createDirectories(folder);
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      var channel =
          FileChannel.open(
              folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      var lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new IllegalStateException(refusal.formatted(folder));
      }
      return new FolderLock(lock);
    } catch (IOException e) {
      throw new UncheckedIOException("The folder %s cannot be used".formatted(folder), e);
    }
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null; // this JVM holds it
    }
  }

  @Override
  public void close() {
    try {
      lock.acquiredBy().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
