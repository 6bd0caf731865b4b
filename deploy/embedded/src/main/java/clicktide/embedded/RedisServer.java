package clicktide.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;

/**
 * Redis 7.0.15 with a snapshot per minute. It refuses writes when full and never evicts counts. A
 * snapshot has positions and counts of the same moment, so the log has everything after it.
 */
final class RedisServer implements Server {
  private final Path folder;
  private final Path program;
  private final int port;
  private final String password;

  RedisServer(Path data, int port) throws IOException {
    this.folder = data.resolve("redis");
    this.program = Binaries.redis(data.resolve("bin"));
    this.port = port;
    this.password = Secret.in(folder.resolve("password"));
  }

  String uri() {
    return "redis://:%s@127.0.0.1:%d".formatted(password, port);
  }

  @Override
  public String name() {
    return "Redis";
  }

  @Override
  public void prepare() throws IOException {
    Files.writeString(
        configuration(),
        """
        bind 127.0.0.1
        port %d
        dir "%s"
        requirepass %s
        appendonly no
        save 60 1
        rdbcompression no
        stop-writes-on-bgsave-error no
        maxmemory-policy noeviction
        set-proc-title no
        """
            .formatted(port, folder, password));
    Files.setPosixFilePermissions(configuration(), PosixFilePermissions.fromString("rw-------"));
    removeAppendOnlyFile();
  }

  /** Removes the file of an earlier version, which Redis no longer reads. */
  private void removeAppendOnlyFile() throws IOException {
    var old = folder.resolve("appendonlydir");
    if (Files.isDirectory(old)) {
      try (var files = Files.walk(old)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  @Override
  public List<String> command() {
    return List.of(program.toString(), configuration().toString());
  }

  @Override
  public String stopSignal() {
    return "TERM";
  }

  @Override
  public boolean owns(ProcessHandle process) {
    return process.info().command().filter(program.toString()::equals).isPresent();
  }

  @Override
  public boolean answers() {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(1_000);
      var ask = "AUTH %s\r\nPING\r\n".formatted(password);
      socket.getOutputStream().write(ask.getBytes(StandardCharsets.US_ASCII));
      var answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      return answer.equals("+OK\r\n+PONG\r\n"); // -LOADING while it reads its files
    } catch (IOException _) {
      return false;
    }
  }

  @Override
  public Path log() {
    return folder.resolveSibling("logs").resolve("redis.log");
  }

  private Path configuration() {
    return folder.resolve("redis.conf");
  }
}
