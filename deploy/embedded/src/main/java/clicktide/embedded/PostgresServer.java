package clicktide.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * PostgreSQL 18 with its own cluster. PostgreSQL refuses to run as root, so root starts it in a
 * user namespace, in which the same files belong to an ordinary user.
 */
final class PostgresServer implements Server {
  private final Path folder;
  private final Path home;
  private final int port;
  private final Path passwordFile;
  private final String password;
  private final List<String> options;

  /** {@code home} holds {@code bin/postgres}. The options are additional settings of tests. */
  PostgresServer(Path data, Path home, int port, String... options) throws IOException {
    this.folder = data.resolve("postgres");
    this.home = home;
    this.port = port;
    this.options = List.of(options);
    this.passwordFile = data.resolve("postgres.password");
    this.password = Secret.in(passwordFile);
  }

  String uri() {
    return uri(password, port);
  }

  private static String uri(String password, int port) {
    return "postgresql://clicktide:%s@127.0.0.1:%d/postgres".formatted(password, port);
  }

  /** Returns the address of the server that another process runs in a data folder. */
  static Optional<String> running(Path data) throws IOException {
    var lock = data.resolve("postgres").resolve("postmaster.pid");
    if (Files.notExists(lock)) {
      return Optional.empty();
    }
    var lines = Files.readAllLines(lock);
    if (lines.size() < 8 || !isAlive(lines.getFirst())) {
      return Optional.empty();
    }
    var password = Files.readString(data.resolve("postgres.password")).strip();
    return Optional.of(uri(password, Integer.parseInt(lines.get(3).strip())));
  }

  private static boolean isAlive(String processId) {
    return ProcessHandle.of(Long.parseLong(processId.strip()))
        .flatMap(process -> process.info().command())
        .filter(program -> program.endsWith("/postgres"))
        .isPresent();
  }

  @Override
  public String name() {
    return "PostgreSQL";
  }

  @Override
  public void prepare() throws IOException, InterruptedException {
    if (Files.notExists(folder.resolve("PG_VERSION"))) {
      initialise();
    }
    // Stale processes were ended before. A recycled process id must not prevent the start.
    Files.deleteIfExists(folder.resolve("postmaster.pid"));
  }

  private void initialise() throws IOException, InterruptedException {
    var part = folder.resolveSibling("postgres.part");
    Files.createDirectories(log().getParent());
    var command =
        asOrdinaryUser(
            "sh",
            "-c",
            "rm -rf \"$1\" && exec \"$2\" -D \"$1\" -U clicktide -E UTF8 --locale=C --auth=scram-sha-256 --pwfile=\"$3\"",
            "initdb",
            part.toString(),
            home.resolve("bin/initdb").toString(),
            passwordFile.toString());
    var initdb =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
    if (!initdb.waitFor(60, TimeUnit.SECONDS) || initdb.exitValue() != 0) {
      initdb.destroyForcibly();
      throw new IOException(
          "PostgreSQL could not create its data folder, see %s. Root requires user namespaces; without them, start as an ordinary user."
              .formatted(log()));
    }
    Files.move(part, folder);
  }

  @Override
  public List<String> command() {
    var command =
        asOrdinaryUser(
            home.resolve("bin/postgres").toString(),
            "-D",
            folder.toString(),
            "-p",
            Integer.toString(port),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
            "-c",
            "shared_buffers=128MB",
            "-c",
            "max_wal_size=2GB",
            "-c",
            "checkpoint_timeout=15min",
            "-c",
            "log_min_messages=warning",
            "-c",
            "log_min_error_statement=panic", // statements may contain addresses
            "-c",
            "log_parameter_max_length_on_error=0");
    options.forEach(option -> command.addAll(List.of("-c", option)));
    return command;
  }

  private static List<String> asOrdinaryUser(String... command) {
    var all = new ArrayList<String>();
    if ("root".equals(System.getProperty("user.name"))) {
      all.addAll(List.of("unshare", "-U"));
    }
    all.addAll(List.of(command));
    return all;
  }

  @Override
  public String stopSignal() {
    return "INT"; // a fast shutdown: it ends sessions and loses nothing
  }

  /**
   * Compares the program, which other clusters may run too unless it is unpacked in this folder.
   */
  @Override
  public boolean owns(ProcessHandle process) {
    var info = process.info();
    var arguments = List.of(info.arguments().orElse(new String[0]));
    return info.command().filter(home.resolve("bin/postgres").toString()::equals).isPresent()
        && (home.startsWith(folder.getParent()) || arguments.contains(folder.toString()));
  }

  /** Reads the eighth line of the lock file, which has the state since PostgreSQL 10. */
  @Override
  public boolean answers() {
    try {
      var lines = Files.readAllLines(folder.resolve("postmaster.pid"));
      return lines.size() > 7 && lines.get(7).strip().equals("ready");
    } catch (IOException _) {
      return false;
    }
  }

  @Override
  public Path log() {
    return folder.resolveSibling("logs").resolve("postgres.log");
  }
}
