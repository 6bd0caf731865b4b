package clicktide.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * A password of a server on loopback, created once and readable by the owner of the folder only.
 */
final class Secret {
  private Secret() {}

  static String in(Path file) throws IOException {
    if (Files.notExists(file)) {
      Files.createDirectories(file.getParent());
      var random = new byte[24];
      new SecureRandom().nextBytes(random);
      var part = file.resolveSibling(file.getFileName() + ".part");
      Files.deleteIfExists(part);
      Files.createFile(
          part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(part, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
      Files.move(part, file);
    }
    return Files.readString(file).strip();
  }
}
