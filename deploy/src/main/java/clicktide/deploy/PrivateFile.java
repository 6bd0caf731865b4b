package clicktide.deploy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** A file that only its owner can read, for instance one with a key. */
record PrivateFile(Path path) {
  /** Returns the text; empty if there is no file. */
  Optional<String> read() throws IOException {
    return Files.exists(path) ? Optional.of(Files.readString(path).strip()) : Optional.empty();
  }

  /** Replaces the file in one step, on a thread that may wait. */
  Future<Void> keep(Vertx vertx, String text) {
    return vertx.executeBlocking(
        () -> {
          write(text);
          return null;
        });
  }

  /** Replaces the file in one step. */
  void write(String text) throws IOException {
    var part = path.resolveSibling(path.getFileName() + ".part");
    Files.deleteIfExists(part);
    Files.createFile(
        part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(part, text + "\n");
    Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
  }
}
