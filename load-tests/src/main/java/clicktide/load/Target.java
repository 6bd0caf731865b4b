package clicktide.load;

import clicktide.load.RawConnection.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * The product as an attacker sees it: its ports, requests as bytes, and owners that the
 * administrator creates for one attack each. Worker {@code n} attacks from the network
 * 127.66.n.0/24.
 */
final class Target {
  static final String ATTACKER = network(0);
  private static final AtomicInteger OWNERS = new AtomicInteger();

  final int linkPort;
  final int apiPort;
  final int managementPort;
  final Path log;

  private final Product administrator;

  Target(StartedProduct started) throws IOException {
    linkPort = started.linkPort;
    apiPort = started.apiPort;
    managementPort = started.managementPort;
    log = started.log();
    administrator = started.administrator();
  }

  /** An owner with the key of all scopes. */
  record Owner(String id, String key, Product product) {
    /** Creates a link and returns its code. */
    String link() throws IOException, InterruptedException {
      var link = Map.of("destination", "https://example.com/");
      return product.post("/v1/links", link).path("code").textValue();
    }

    String bearer() {
      return Target.bearer(key);
    }
  }

  Owner owner() throws IOException, InterruptedException {
    var name = Map.of("name", "owner " + OWNERS.incrementAndGet());
    var created = administrator.post("/v1/owners", name);
    var key = created.path("apiKey").textValue();
    return new Owner(created.path("ownerId").textValue(), key, new Product(linkPort, apiPort, key));
  }

  static String network(int number) {
    return "127.66.%d.1".formatted(number % 250);
  }

  /** Sends one call to the API and returns its response. */
  Response call(String key, String method, String path, String json) throws IOException {
    try (var connection = new RawConnection(ATTACKER, apiPort)) {
      var type = json.isEmpty() ? "" : "Content-Type: application/json\r\n";
      return connection
          .write(request(method, path, bearer(key) + type, json.getBytes(StandardCharsets.UTF_8)))
          .read();
    }
  }

  static String bearer(String key) {
    return "Authorization: Bearer " + key + "\r\n";
  }

  /** Composes a request. Each line of the headers ends with CR LF. */
  static byte[] request(String method, String path, String headers, byte[] body) {
    var head = "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s".formatted(method, path, headers);
    var length = body.length > 0 ? "Content-Length: %d\r\n".formatted(body.length) : "";
    var first = (head + length + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    var whole = new byte[first.length + body.length];
    System.arraycopy(first, 0, whole, 0, first.length);
    System.arraycopy(body, 0, whole, first.length, body.length);
    return whole;
  }

  static byte[] get(String path, String headers) {
    return request("GET", path, headers, new byte[0]);
  }

  /**
   * Sends a bounded number of requests on kept connections, each worker from a network of its own
   * modulo {@code networks}, and counts the statuses. The flood ends after the duration.
   */
  void flood(Flood flood, IntFunction<byte[]> request, Seen seen)
      throws IOException, InterruptedException {
    var next = new AtomicInteger();
    var worker = new AtomicInteger();
    var end = System.nanoTime() + flood.duration.toNanos();
    Workers.run(
        flood.workers,
        () -> {
          var source = network(worker.getAndIncrement() % flood.networks);
          while (next.get() < flood.requests && System.nanoTime() < end) {
            try (var connection = new RawConnection(source, flood.port)) {
              for (int i;
                  System.nanoTime() < end && (i = next.getAndIncrement()) < flood.requests; ) {
                seen.status(connection.write(request.apply(i)).read().status());
              }
            } catch (IOException _) {
              seen.count("closed");
            }
          }
          return null;
        });
  }

  /** The bounds of a flood. */
  record Flood(int port, int workers, int networks, int requests, Duration duration) {}

  /** Bounds for calls to the API from one network. */
  Flood calls(int workers, int requests) {
    return new Flood(apiPort, workers, 1, requests, Duration.ofSeconds(12));
  }

  /** Bounds for visitors of short links from several networks. */
  Flood visits(int requests) {
    return new Flood(linkPort, 8, 8, requests, Duration.ofSeconds(15));
  }
}
