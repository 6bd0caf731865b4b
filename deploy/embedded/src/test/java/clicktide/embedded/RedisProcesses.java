package clicktide.embedded;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Redis servers of a test that are not started again when they end, on any ports of loopback. */
final class RedisProcesses implements AutoCloseable {
  static final String PASSWORD = "password-of-the-test";

  private final Path folder = TestServers.scratchFolder();
  private final Path program;
  private final Map<Integer, Process> processes = new HashMap<>();

  RedisProcesses() throws IOException {
    program = Binaries.redis(folder);
    TestServers.closeAtTheEnd(this, folder);
  }

  /** Starts a server with a configuration and returns its port when it answers. */
  int start(List<String> configuration, String... options) throws IOException {
    var port = Ports.any();
    var home = Files.createDirectories(folder.resolve(Integer.toString(port)));
    Files.writeString(
        home.resolve("redis.conf"),
        "bind 127.0.0.1\nport %d\ndir \"%s\"\nrequirepass %s\n%s\n"
            .formatted(port, home, PASSWORD, String.join("\n", configuration)));
    start(port, options);
    return port;
  }

  /** Starts a server again that was killed, with its last configuration and its files. */
  void start(int port, String... options) throws IOException {
    var home = folder.resolve(Integer.toString(port));
    var command = new ArrayList<>(List.of(program.toString(), home + "/redis.conf"));
    command.addAll(List.of(options));
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolve("log").toFile()))
            .start();
    processes.put(port, process);
    eventually("Redis answers").until(() -> ask(port, "PING").contains("+PONG"));
  }

  /** Waits up to 60 s for a condition. */
  static ConditionFactory eventually(String condition) {
    return Awaitility.await(condition).atMost(Duration.ofSeconds(60)).pollInSameThread();
  }

  ProcessHandle process(int port) {
    return processes.get(port).toHandle();
  }

  /** Sends a command and returns the raw answers to the login and to it; empty if there is none. */
  static String ask(int port, String command) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(5_000);
      var text = "AUTH %s\r\n%s\r\n".formatted(PASSWORD, command);
      socket.getOutputStream().write(text.getBytes(US_ASCII));
      socket.shutdownOutput(); // sentinels do not know QUIT
      return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    } catch (IOException _) {
      return "";
    }
  }

  @Override
  public void close() {
    processes.values().forEach(Process::destroyForcibly);
    processes.values().forEach(process -> process.onExit().join());
  }
}
