package clicktide.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A certificate authority that exists for one test, and a certificate of a server on 127.0.0.1. The
 * certificate does not name {@code localhost}.
 */
public final class TestCertificates {
  /** The password of the key store. */
  public static final String PASSWORD = "changeit";

  private final Path folder;

  private TestCertificates(Path folder) {
    this.folder = folder;
  }

  /** Makes both with the JDK's keytool. */
  public static TestCertificates in(Path folder) throws Exception {
    var made = new TestCertificates(Files.createDirectories(folder));
    made.keytool("-alias", "ca", "-dname", "CN=authority", "-ext", "bc:c=ca:true");
    made.keytool(
        "-alias", "server", "-dname", "CN=server", "-signer", "ca", "-ext", "san=ip:127.0.0.1");
    made.export();
    return made;
  }

  private void keytool(String... arguments) throws Exception {
    var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var command =
        new ArrayList<>(List.of(keytool, "-genkeypair", "-keyalg", "EC", "-storetype", "PKCS12"));
    command.addAll(List.of("-keystore", keyStore().toString(), "-storepass", PASSWORD));
    command.addAll(List.of(arguments));
    var process = new ProcessBuilder(command).inheritIO().start();
    if (process.waitFor() != 0) {
      throw new IOException("keytool ended with " + process.exitValue());
    }
  }

  private void export() throws IOException, GeneralSecurityException {
    var store = store();
    Files.writeString(authorities(), pem("CERTIFICATE", store.getCertificate("ca").getEncoded()));
    Files.writeString(
        certificate(), pem("CERTIFICATE", store.getCertificate("server").getEncoded()));
    Files.createFile(
        key(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        key(), pem("PRIVATE KEY", store.getKey("server", PASSWORD.toCharArray()).getEncoded()));
  }

  private static String pem(String kind, byte[] content) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(kind, Base64.getMimeEncoder().encodeToString(content));
  }

  /** Returns the key store as an object. */
  public KeyStore store() throws IOException, GeneralSecurityException {
    return KeyStore.getInstance(keyStore().toFile(), PASSWORD.toCharArray());
  }

  /** A PKCS #12 file with the key and the certificate {@code server}. */
  public Path keyStore() {
    return folder.resolve("keys.p12");
  }

  /** A PEM file with the authority. */
  public Path authorities() {
    return folder.resolve("ca.pem");
  }

  /** A PEM file with the certificate of the server. */
  public Path certificate() {
    return folder.resolve("server.pem");
  }

  /** A PEM file with the key of the server. */
  public Path key() {
    return folder.resolve("server.key");
  }
}
