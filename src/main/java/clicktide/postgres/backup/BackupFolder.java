package clicktide.postgres.backup;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** A folder with the files of a backup, which only its user can read. Files are streamed. */
record BackupFolder(Path path) {
  private static final String MANIFEST = "manifest.json";

  /** A source of bytes that returns the number of its rows. */
  interface RowSource {
    long writeTo(OutputStream out) throws SQLException, IOException;
  }

  /** The rows and the checksum of a file. */
  record WrittenFile(long rows, String sha256) {}

  /** Creates a temporary folder next to the place of the backup, which must be free. */
  static BackupFolder temporary(Path target) throws IOException {
    if (Files.exists(target)) {
      throw new IllegalArgumentException("The folder %s exists already.".formatted(target));
    }
    var parent = target.toAbsolutePath().getParent();
    Files.createDirectories(parent);
    return new BackupFolder(
        Files.createTempDirectory(parent, target.getFileName() + ".part")); // with mode 700
  }

  /** Writes a compressed file, which is on the disk when this returns. */
  WrittenFile write(String name, RowSource source) throws SQLException, IOException {
    var digest = sha256();
    try (var file = create(name)) {
      var compressed =
          new GZIPOutputStream(new DigestOutputStream(Channels.newOutputStream(file), digest));
      var rows = source.writeTo(compressed);
      compressed.finish();
      file.force(true);
      return new WrittenFile(rows, HexFormat.of().formatHex(digest.digest()));
    }
  }

  private FileChannel create(String name) throws IOException {
    return FileChannel.open(
        path.resolve(name),
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  /** Writes the manifest and gives the folder its final name. */
  void complete(Manifest manifest, Path target) throws IOException {
    try (var file = create(MANIFEST);
        var out = Channels.newOutputStream(file)) {
      out.write(manifest.text().getBytes(StandardCharsets.UTF_8));
      file.force(true);
    }
    Files.move(path, target.toAbsolutePath(), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Deletes the folder of a backup that failed. */
  void delete() throws IOException {
    try (var files = Files.newDirectoryStream(path)) {
      for (var file : files) {
        Files.delete(file);
      }
    }
    Files.delete(path);
  }

  /** Reads the manifest; throws {@link IllegalArgumentException} if there is none. */
  Manifest manifest() throws IOException {
    var file = path.resolve(MANIFEST);
    if (!Files.exists(file)) {
      throw new IllegalArgumentException(
          "The folder %s has no complete backup: manifest.json is missing.".formatted(path));
    }
    return Manifest.of(Files.readString(file));
  }

  boolean has(Manifest.TableFile file) {
    return Files.exists(path.resolve(file.name()));
  }

  /** Compares a file with its checksum; throws {@link IllegalStateException} if they differ. */
  void check(Manifest.TableFile file) throws IOException {
    var place = path.resolve(file.name());
    if (!Files.exists(place)) {
      throw new IllegalStateException("The backup is incomplete: %s is missing.".formatted(place));
    }
    var digest = sha256();
    try (var in = Files.newInputStream(place);
        var out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      in.transferTo(out);
    }
    if (!HexFormat.of().formatHex(digest.digest()).equals(file.sha256())) {
      throw new IllegalStateException(
          "The backup is damaged: %s differs from its checksum.".formatted(place));
    }
  }

  /** Opens the rows of a file. */
  InputStream open(Manifest.TableFile file) throws IOException {
    var in = Files.newInputStream(path.resolve(file.name()));
    return new GZIPInputStream(new BufferedInputStream(in));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
