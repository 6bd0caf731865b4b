package clicktide.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The product with embedded servers, a temporary data folder and free ports, started by {@code
 * ./clicktide run} with the launcher's heap.
 */
final class StartedProduct implements AutoCloseable {
  private static final int OPEN_FILES = 4_096; // few, so that bounded attacks reach the limit
  private static final Duration START = Duration.ofMinutes(5);

  final int linkPort = freePort();
  final int apiPort = freePort();
  final int managementPort = freePort();
  private final Path folder = Files.createTempDirectory("clicktide-load");
  private final Map<String, String> settings;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private Process process;

  /** Starts roles for a benchmark: with the default settings, but without quotas. */
  static StartedProduct withoutQuotas(String... roles) throws IOException, InterruptedException {
    var settings =
        Map.of(
            "CLICKTIDE_LINKS_PER_OWNER", "0",
            "CLICKTIDE_CALLS_A_MINUTE", "0",
            "CLICKTIDE_EVENTS_A_MINUTE", "0",
            "CLICKTIDE_CLICKS_A_MINUTE", "1000000",
            "CLICKTIDE_TRUSTED_PROXIES", "127.0.0.0/8");
    return new StartedProduct(settings, roles);
  }

  /** Starts the given roles, or all of them, with these settings. */
  StartedProduct(Map<String, String> settings, String... roles)
      throws IOException, InterruptedException {
    this.settings = settings;
    launch(roles);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> process.destroy())); // after Ctrl-C
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Starts the process if it does not run, and waits until it is ready. */
  void launch(String... roles) throws IOException, InterruptedException {
    if (process != null && process.isAlive()) {
      return;
    }
    var run =
        "ulimit -n %d && exec ./clicktide run %s --data %s --port %d --api-port %d --management-port %d"
            .formatted(
                OPEN_FILES, String.join(" ", roles), data(), linkPort, apiPort, managementPort);
    var builder = new ProcessBuilder("sh", "-c", run).redirectErrorStream(true);
    builder.environment().putAll(settings);
    process = builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile())).start();
    var end = Instant.now().plus(START);
    while (!isReady()) {
      if (!process.isAlive() || Instant.now().isAfter(end)) {
        process.destroyForcibly();
        throw new IOException("The product does not start, see " + log());
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  private boolean isReady() throws InterruptedException {
    try {
      var answer = management("/health/ready");
      return answer.contains("\"ok\"") && Files.exists(data().resolve("admin.key"));
    } catch (IOException _) {
      return false;
    }
  }

  /** The data folder of the process. */
  Path data() {
    return folder.resolve("data");
  }

  /** The output of the process. */
  Path log() {
    return folder.resolve("log");
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** The API as the administrator sees it. */
  Product administrator() throws IOException {
    return product("admin.key");
  }

  /** The API as the first owner sees it. */
  Product owner() throws IOException {
    return product("owner.key");
  }

  private Product product(String key) throws IOException {
    return new Product(linkPort, apiPort, Files.readString(data().resolve(key)).strip());
  }

  /** The process and those that it started. */
  List<ProcessHandle> processes() {
    return Children.all(process);
  }

  /** The used heap in bytes. Throws if the management port does not answer within 10 s. */
  double usedHeap() throws IOException, InterruptedException {
    return heap("jvm_memory_used_bytes");
  }

  double maximumHeap() throws IOException, InterruptedException {
    return heap("jvm_memory_max_bytes");
  }

  private double heap(String metric) throws IOException, InterruptedException {
    return metric(metric, "area=\"heap\"");
  }

  /** The sum of all series of a metric with these tags; negative values count as 0. */
  double metric(String name, String... tags) throws IOException, InterruptedException {
    return management("/metrics")
        .lines()
        .filter(line -> line.startsWith(name + "{"))
        .filter(line -> Stream.of(tags).allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .filter(value -> value > 0) // a heap without a limit has -1
        .sum();
  }

  private String management(String path) throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:" + managementPort + path);
    var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
    return client.send(request, BodyHandlers.ofString()).body();
  }

  /** Stops the process in order; {@link #launch} starts it again on the same folder. */
  void stop() {
    Children.stop(process);
  }

  /** Stops the process and deletes its folder. */
  @Override
  public void close() throws IOException {
    stop();
    Children.delete(folder);
  }
}
