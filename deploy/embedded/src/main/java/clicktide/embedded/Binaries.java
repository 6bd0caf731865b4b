package clicktide.embedded;

import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** Unpacks the programs of the servers from their jars, once per data folder. */
final class Binaries {
  private Binaries() {}

  /** Unpacks PostgreSQL and returns the folder that holds {@code bin/postgres}. */
  static Path postgres(Path home) throws IOException {
    var target = home.resolve("postgres-18.6");
    if (Files.notExists(target)) {
      var part = fresh(home.resolve("postgres.part"));
      var name =
          "/postgres-%s-%s.txz".formatted(system(), "amd64".equals(cpu()) ? "x86_64" : "arm_64");
      try (var tar =
          new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(resource(name))))) {
        for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
          unpack(entry, tar, part);
        }
      }
      Files.move(
          part, target, StandardCopyOption.ATOMIC_MOVE); // a partly unpacked folder is never used
    }
    return target;
  }

  /** Unpacks Redis and returns the program {@code redis-server}. */
  static Path redis(Path home) throws IOException {
    var target = home.resolve("redis-server-7.0.15");
    if (Files.notExists(target)) {
      Files.createDirectories(home);
      var part = home.resolve("redis.part");
      try (var in = resource("/redis-server-7.0.15-%s-%s".formatted(system(), cpu()))) {
        Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    }
    return target;
  }

  private static void unpack(TarArchiveEntry entry, InputStream content, Path into)
      throws IOException {
    var path = into.resolve(entry.getName()).normalize();
    if (!path.startsWith(into)) {
      throw new IOException(
          "The archive contains a path outside the target folder: " + entry.getName());
    }
    Files.createDirectories(entry.isDirectory() ? path : path.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
    } else if (entry.isFile()) {
      Files.copy(content, path);
      var mode = (entry.getMode() & 0100) != 0 ? "rwxr-xr-x" : "rw-r--r--";
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }
  }

  private static Path fresh(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (var paths = Files.walk(folder)) {
        for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    return Files.createDirectories(folder);
  }

  private static InputStream resource(String name) throws IOException {
    var in = Binaries.class.getResourceAsStream(name);
    if (in == null) {
      throw new FileNotFoundException(
          "No embedded server supports this platform (%s). Configure external servers."
              .formatted(name));
    }
    return in;
  }

  private static String system() {
    var os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    return os.contains("mac") ? "darwin" : "linux";
  }

  private static String cpu() {
    return "aarch64".equals(System.getProperty("os.arch")) ? "arm64" : "amd64";
  }
}
