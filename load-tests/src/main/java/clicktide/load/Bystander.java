package clicktide.load;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A visitor and an owner who do not attack. The visitor follows 20 links per second, each on a new
 * connection. The owner asks for analytics and lists five times per second. The heap is sampled.
 */
final class Bystander {
  private static final int LINKS = 5;
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  private final StartedProduct started;
  private final Product product;
  private final String owner;
  private final List<String> codes = new ArrayList<>();
  private final Map<String, Long> answered = new ConcurrentHashMap<>();

  Bystander(StartedProduct started) throws IOException, InterruptedException {
    this.started = started;
    var created = started.administrator().post("/v1/owners", Map.of("name", "bystander"));
    owner = created.path("ownerId").textValue();
    product = new Product(started.linkPort, started.apiPort, created.path("apiKey").textValue());
    for (var i = 0; i < LINKS; i++) {
      var link = Map.of("destination", "https://example.com/" + i);
      codes.add(product.post("/v1/links", link).path("code").textValue());
    }
  }

  /** The observations during one attack. Threads of their own make them until it is stopped. */
  final class Watch {
    final AtomicInteger redirects = new AtomicInteger();
    final AtomicInteger questions = new AtomicInteger();
    final Queue<String> redirectErrors = new ConcurrentLinkedQueue<>();
    final Queue<String> questionErrors = new ConcurrentLinkedQueue<>();
    final Queue<String> heapErrors = new ConcurrentLinkedQueue<>();
    private final Queue<Double> millis = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile double heap;
    private volatile boolean isStopped;

    private Watch() {
      start(50, this::follow, redirectErrors);
      start(200, this::ask, questionErrors);
      start(200, _ -> heap = Math.max(heap, started.usedHeap()), heapErrors);
    }

    private void start(int pauseMillis, Step step, Queue<String> errors) {
      threads.add(
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    for (var i = 0; !isStopped; i++) {
                      try {
                        step.run(i);
                        TimeUnit.MILLISECONDS.sleep(pauseMillis);
                      } catch (IOException e) {
                        errors.add(e.toString());
                      } catch (InterruptedException _) {
                        return;
                      }
                    }
                  }));
    }

    private void follow(int number) throws IOException {
      var code = codes.get(number % LINKS);
      var begin = System.nanoTime();
      try (var connection = product.links()) {
        var status = connection.follow(code);
        if (status != 302) {
          throw new IOException("status " + status);
        }
      }
      millis.add((System.nanoTime() - begin) / 1e6);
      redirects.incrementAndGet();
      answered.merge(code, 1L, Long::sum);
    }

    private void ask(int number) throws IOException, InterruptedException {
      var code = codes.get(number % LINKS);
      product.get(
          switch (number % 3) {
            case 0 -> "/v1/links/%s/analytics?bucket=minute&interval=1h".formatted(code);
            case 1 -> "/v1/owners/%s/analytics?interval=24h&dimensions=browser".formatted(owner);
            default -> "/v1/links?limit=50";
          });
      questions.incrementAndGet();
    }

    /** Stops when the visitor has got the answer to its last request. */
    void stop() throws InterruptedException {
      isStopped = true;
      for (var thread : threads) {
        thread.join();
      }
    }

    double p99() {
      var sorted = millis.stream().sorted().toList();
      return sorted.isEmpty() ? 0 : sorted.get((int) (sorted.size() * 0.99));
    }

    double heapMegabytes() {
      return heap / (1 << 20);
    }
  }

  @FunctionalInterface
  private interface Step {
    void run(int number) throws IOException, InterruptedException;
  }

  Watch watch() {
    return new Watch();
  }

  /** Waits until all answered redirects are counted, and returns the number that is not. */
  long lost() throws InterruptedException {
    var end = Instant.now().plus(DEADLINE);
    while (true) {
      var lost = difference();
      if (lost == 0 || Instant.now().isAfter(end)) {
        return lost;
      }
      TimeUnit.SECONDS.sleep(1); // within the rate limit
    }
  }

  /** The sum of the differences in both stores, or of all clicks if the product does not answer. */
  private long difference() throws InterruptedException {
    var difference = 0L;
    for (var link : answered.entrySet()) {
      for (var bucket : List.of("minute", "total")) {
        difference += Math.abs(link.getValue() - counted(link.getKey(), bucket));
      }
    }
    return difference;
  }

  private long counted(String code, String bucket) throws InterruptedException {
    try {
      var query = "/v1/links/%s/analytics?bucket=%s&interval=24h";
      return Product.total(product.get(query.formatted(code, bucket)));
    } catch (IOException _) {
      return 0;
    }
  }
}
