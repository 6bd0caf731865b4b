package clicktide.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * One process and one user per data folder, since it holds addresses and keys. The operating system
 * frees the lock however the process ends.
 */
final class FolderLock implements AutoCloseable {
  private final FileLock lock;

  private FolderLock(FileLock lock) {
    this.lock = lock;
  }

  /** Throws {@link IllegalStateException} with a sentence for the operator when it is taken. */
  static FolderLock take(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      var channel =
          FileChannel.open(
              folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      var lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new IllegalStateException(
            "The data folder %s is in use by another Clicktide: stop that one or name another folder with --data."
                .formatted(folder));
      }
      return new FolderLock(lock);
    } catch (IOException e) {
      throw new UncheckedIOException("The data folder %s cannot be used".formatted(folder), e);
    }
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null; // held by this very JVM
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
