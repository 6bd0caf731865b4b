package clicktide.deploy;

import clicktide.http.ApiKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** A file with one key in one line, which only its owner can read. */
record KeyFile(Path path) {
  /** Returns the key; empty if there is no file. */
  Optional<String> read() throws IOException {
    return Files.exists(path) ? Optional.of(Files.readString(path).strip()) : Optional.empty();
  }

  /** Replaces the file in one step. */
  void write(ApiKey key) throws IOException {
    var part = path.resolveSibling(path.getFileName() + ".part");
    Files.deleteIfExists(part);
    Files.createFile(
        part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(part, key.text() + "\n");
    Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
  }
}
