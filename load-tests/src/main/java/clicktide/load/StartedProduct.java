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
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The product with embedded servers, a temporary data folder and free ports, started by {@code
 * ./clicktide run} with the launcher's heap. Three quotas and the limit of open files are low, so
 * that bounded attacks reach them.
 */
final class StartedProduct implements AutoCloseable {
  static final int LINKS_PER_OWNER = 5_000;
  static final int EVENTS_A_MINUTE = 100_000;
  static final int CALLS_A_MINUTE = 2_000;
  static final String PROXY = "127.77.0.1";
  private static final int OPEN_FILES = 4_096;
  private static final Duration START = Duration.ofMinutes(5);

  final int linkPort = freePort();
  final int apiPort = freePort();
  final int managementPort = freePort();
  private final Path folder = Files.createTempDirectory("clicktide-attacks");
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private Process process;

  StartedProduct() throws IOException, InterruptedException {
    launch();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> process.destroy())); // after Ctrl-C
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Starts the process if it does not run, and waits until it counts. */
  void launch() throws IOException, InterruptedException {
    if (process != null && process.isAlive()) {
      return;
    }
    var run =
        "ulimit -n %d && exec ./clicktide run --data %s --port %d --api-port %d --management-port %d"
            .formatted(OPEN_FILES, data(), linkPort, apiPort, managementPort);
    var builder = new ProcessBuilder("sh", "-c", run).redirectErrorStream(true);
    builder.environment().put("CLICKTIDE_LINKS_PER_OWNER", Integer.toString(LINKS_PER_OWNER));
    builder.environment().put("CLICKTIDE_EVENTS_A_MINUTE", Integer.toString(EVENTS_A_MINUTE));
    builder.environment().put("CLICKTIDE_CALLS_A_MINUTE", Integer.toString(CALLS_A_MINUTE));
    builder.environment().put("CLICKTIDE_TRUSTED_PROXIES", PROXY + "/32");
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

  private Path data() {
    return folder.resolve("data");
  }

  /** The output of the process. */
  Path log() {
    return folder.resolve("log");
  }

  boolean isAlive() {
    return process.isAlive();
  }

  Product administrator() throws IOException {
    return new Product(linkPort, apiPort, Files.readString(data().resolve("admin.key")).strip());
  }

  /** The used heap in bytes. Throws if the management port does not answer within 10 s. */
  double usedHeap() throws IOException, InterruptedException {
    return heap("jvm_memory_used_bytes");
  }

  double maximumHeap() throws IOException, InterruptedException {
    return heap("jvm_memory_max_bytes");
  }

  private double heap(String metric) throws IOException, InterruptedException {
    return management("/metrics")
        .lines()
        .filter(line -> line.startsWith(metric + "{") && line.contains("area=\"heap\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .filter(bytes -> bytes > 0) // -1 is no limit
        .sum();
  }

  private String management(String path) throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:" + managementPort + path);
    var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
    return client.send(request, BodyHandlers.ofString()).body();
  }

  /** Stops the process in order and deletes its folder. */
  @Override
  public void close() throws IOException {
    process.destroy();
    if (process.onExit().completeOnTimeout(null, 60, TimeUnit.SECONDS).join() == null) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().onExit().join();
    }
    List<Path> files;
    try (var all = Files.walk(folder)) {
      files = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (var file : files) {
      Files.delete(file);
    }
  }
}
