package clicktide.deploy;

import clicktide.http.ApiKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** A key, alone on one line of a file that only its owner can read. */
record KeyFile(Path path) {
  Optional<String> read() throws IOException {
    return Files.exists(path) ? Optional.of(Files.readString(path).strip()) : Optional.empty();
  }

  void write(ApiKey key) throws IOException {
    var part = path.resolveSibling(path.getFileName() + ".part");
    Files.deleteIfExists(part);
    Files.createFile(
        part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(part, key.text() + "\n");
    Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
  }
}
