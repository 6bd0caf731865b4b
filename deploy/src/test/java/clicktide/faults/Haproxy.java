package clicktide.faults;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import clicktide.deploy.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** HAProxy as a child process, with the configuration of {@code deploy/haproxy} for two nodes. */
final class Haproxy implements AutoCloseable {
  private static final Path CONFIGURATION =
      Path.of(System.getProperty("clicktide.root"), "deploy", "haproxy", "haproxy.cfg");

  /** The ports on which HAProxy listens, as the link port and the API port of a node. */
  final Installation here;

  private final Process process;

  private Haproxy(Installation here, Process process) {
    this.here = here;
    this.process = process;
  }

  /** Returns the program; empty if this machine does not have it. */
  static Optional<String> program() {
    return Stream.concat(
            Optional.ofNullable(System.getenv("CLICKTIDE_TEST_HAPROXY")).stream(),
            Stream.of("/usr/sbin/haproxy", "/usr/local/sbin/haproxy"))
        .filter(path -> Files.isExecutable(Path.of(path)))
        .findFirst();
  }

  /** Starts it for two nodes and returns when it sends requests to them. */
  static Haproxy start(String program, Path folder, ProductProcess one, ProductProcess two)
      throws IOException {
    var here = new Installation(Files.createDirectories(folder.resolve("haproxy")));
    var text =
        Files.readString(CONFIGURATION)
            .replace("bind :80 ", "bind 127.0.0.1:" + here.port + " ")
            .replace("bind :8081 ", "bind 127.0.0.1:" + here.apiPort + " ");
    var number = 1;
    for (var node : List.of(one, two)) {
      var name = " node-%d:".formatted(number++);
      text =
          text.replace(name + "8080", " 127.0.0.1:" + node.here.port)
              .replace(name + "8081", " 127.0.0.1:" + node.here.apiPort)
              // the check of this node is in the same line
              .replaceAll(
                  "(127\\.0\\.0\\.1:%d check port )8082".formatted(node.here.port),
                  "$1" + node.here.managementPort);
    }
    var file = Files.writeString(here.data.resolve("haproxy.cfg"), text);
    var process =
        new ProcessBuilder(program, "-db", "-f", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(here.data.resolve("log").toFile())
            .start();
    var proxy = new Haproxy(here, process);
    eventually("HAProxy answers").until(proxy::answers);
    return proxy;
  }

  private boolean answers() throws InterruptedException {
    assertThat(process.isAlive()).as("HAProxy runs, see " + here.data.resolve("log")).isTrue();
    try {
      return here.follow("").statusCode() < 500;
    } catch (IOException _) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
