package clicktide.embedded;

import static clicktide.embedded.RedisProcesses.eventually;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A PostgreSQL of a test that is not started again when it ends. Its files can be put back, and it
 * can have a streaming replica.
 */
public final class ScratchPostgres implements AutoCloseable {
  private final Path folder;
  private final Path home;
  private final int port;
  private final List<String> options;
  private final PostgresServer server;
  private Process process;

  private ScratchPostgres(Path folder, Path home, int port, List<String> options)
      throws IOException, InterruptedException {
    this.folder = folder;
    this.home = home;
    this.port = port;
    this.options = options;
    server = new PostgresServer(folder, home, port, options.toArray(String[]::new));
    TestServers.closeAtTheEnd(this, folder);
    start();
  }

  /** Starts the PostgreSQL that can be embedded. */
  public static ScratchPostgres plain() throws IOException, InterruptedException {
    var folder = TestServers.scratchFolder();
    var home = Binaries.postgres(folder.resolve("bin"));
    return new ScratchPostgres(folder, home, Ports.any(), TestServers.options(List.of()));
  }

  /** Starts a TimescaleDB; empty if none is installed. */
  public static Optional<ScratchPostgres> timescale() throws IOException, InterruptedException {
    var home = TestServers.installed();
    if (home.isEmpty()) {
      return Optional.empty();
    }
    var folder = TestServers.scratchFolder();
    var options = TestServers.options(TestServers.TIMESCALE);
    return Optional.of(new ScratchPostgres(folder, home.get(), Ports.any(), options));
  }

  private void start() throws IOException, InterruptedException {
    server.prepare();
    process =
        new ProcessBuilder(server.command())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(server.log().toFile()))
            .start();
    eventually("PostgreSQL answers, see " + server.log()).until(server::answers);
  }

  public int port() {
    return port;
  }

  public String uri() {
    return server.uri();
  }

  /** Kills all processes of the server. */
  public void kill() {
    var all = processes();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(one -> one.onExit().join());
  }

  /** Kills the server and starts it with its files. */
  public void restart() throws IOException, InterruptedException {
    kill();
    start();
  }

  /** Sends a signal to the parent, then to its children, which may end by themselves. */
  private void signal(String signal) throws IOException, InterruptedException {
    send(signal, process.toHandle());
    for (var child : process.descendants().toList()) {
      send(signal, child);
    }
  }

  private static void send(String signal, ProcessHandle process)
      throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-s", signal, Long.toString(process.pid())).start().waitFor();
  }

  private List<ProcessHandle> processes() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
  }

  private Path files() {
    return folder.resolve("postgres");
  }

  /** Copies the files at one moment, as a snapshot of their volume has them. */
  public Path snapshot() throws IOException, InterruptedException {
    var copy = Files.createTempDirectory(folder, "copy").resolve("postgres");
    try {
      signal("STOP");
      run("cp", "-a", files().toString(), copy.toString());
    } finally {
      signal("CONT");
    }
    return copy;
  }

  /** Kills the server, replaces its files by a snapshot, and starts it. */
  public void putBack(Path snapshot) throws IOException, InterruptedException {
    kill();
    Files.move(files(), folder.resolve("lost-" + System.nanoTime()));
    Files.move(snapshot, files());
    start();
  }

  /**
   * Starts a replica with a snapshot of this server. It reads the changes from the port {@code
   * upstream} of a proxy, and listens on a port that clients know already.
   */
  public ScratchPostgres replica(int upstream, int port) throws IOException, InterruptedException {
    ask("CHECKPOINT");
    var target = TestServers.scratchFolder();
    Files.copy(folder.resolve("postgres.password"), target.resolve("postgres.password"));
    Files.createDirectories(target.resolve("logs"));
    Files.move(snapshot(), target.resolve("postgres"));
    Files.createFile(target.resolve("postgres").resolve("standby.signal"));
    var password = Files.readString(target.resolve("postgres.password")).strip();
    var source = "host=127.0.0.1 port=%d user=clicktide password=%s".formatted(upstream, password);
    var all = new ArrayList<>(options);
    all.add("primary_conninfo=" + source);
    all.add("wal_retrieve_retry_interval=200ms");
    return new ScratchPostgres(target, home, port, all);
  }

  /** Waits until a replica has all changes that this server has now. */
  public void await(ScratchPostgres replica) {
    var position = ask("SELECT pg_current_wal_lsn()");
    eventually("the replica has the changes")
        .until(
            () -> replica.ask("SELECT pg_last_wal_replay_lsn() >= '%s'".formatted(position)),
            "t"::equals);
  }

  /** Makes a replica the primary. */
  public void promote() {
    ask("SELECT pg_promote()");
  }

  /** Executes a statement and returns the first value of its result; empty without a result. */
  private String ask(String sql) {
    var uri = URI.create(uri());
    var login = uri.getUserInfo().split(":", 2);
    var jdbc = "jdbc:postgresql://127.0.0.1:%d%s".formatted(port, uri.getPath());
    try (var connection = DriverManager.getConnection(jdbc, login[0], login[1]);
        var statement = connection.createStatement()) {
      if (!statement.execute(sql)) {
        return "";
      }
      var rows = statement.getResultSet();
      return rows.next() ? rows.getString(1) : "";
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void run(String... command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).inheritIO().start();
    if (process.waitFor() != 0) {
      throw new IOException("Failed: " + List.of(command));
    }
  }

  @Override
  public void close() {
    kill();
  }
}
