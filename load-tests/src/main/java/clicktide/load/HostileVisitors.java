package clicktide.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Visitors whose user agents, referrers and queries are made to stop the counting: {@code
 * HostileVisitors DATA_DIR PID [linkPort apiPort]}. It sends 100,000 usual clicks, and then 100,000
 * hostile ones at the same rate. It prints the CPU time of the process per click, and the greatest
 * age of the counts of another link. It exits with code 1 if a click is not counted.
 */
public final class HostileVisitors {
  private static final int CLICKS = 100_000;
  private static final int PER_SECOND = 2_000;
  private static final int CONNECTIONS = 8;
  private static final Duration DEADLINE = Duration.ofMinutes(5);

  private final Product product;
  private final ProcessHandle process;
  private final HostileAgents agents = new HostileAgents();
  private final Random random = new Random(17);

  private HostileVisitors(Path data, long pid, int linkPort, int apiPort) throws Exception {
    product = new Product(linkPort, apiPort, Files.readString(data.resolve("owner.key")).strip());
    process = ProcessHandle.of(pid).orElseThrow();
  }

  public static void main(String[] arguments) throws Exception {
    var linkPort = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 8080;
    var apiPort = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 8081;
    var pid = Long.parseLong(arguments[1]);
    System.exit(new HostileVisitors(Path.of(arguments[0]), pid, linkPort, apiPort).run() ? 0 : 1);
  }

  /** The values of one request that the visitor chooses. */
  private record Visit(String query, String agent, String referrer) {}

  /** The number of counted clicks, the CPU time per click, and the greatest age of the counts. */
  private record Outcome(long answered, long counted, double micros, Duration oldest) {}

  private boolean run() throws Exception {
    send(this::usual); // the caches and the compiler are warm
    var usual = send(this::usual);
    var hostile = send(_ -> hostile());
    print("usual", usual);
    print("hostile", hostile);
    System.out.printf("CPU per click: %.2f times the usual%n", hostile.micros / usual.micros);
    return usual.answered == usual.counted && hostile.answered == hostile.counted;
  }

  private static void print(String name, Outcome outcome) {
    System.out.printf(
        "%s: %d answered, %d counted, %.0f us of CPU per click, counts at most %.1f s old%n",
        name,
        outcome.answered,
        outcome.counted,
        outcome.micros,
        outcome.oldest.toMillis() / 1_000.0);
  }

  private Visit usual(int number) {
    return new Visit(
        "", HostileAgents.BROWSER.formatted(120 + number % 20), "https://www.example.com/");
  }

  private synchronized Visit hostile() {
    var query =
        "?utm_source=%x&utm_medium=%x&utm_campaign=%x"
            .formatted(random.nextLong(), random.nextLong(), random.nextLong());
    var referrer = "https://%x.example%d.com/".formatted(random.nextInt(), random.nextInt(50_000));
    return new Visit(query, agents.next(), referrer);
  }

  private interface Visitors {
    Visit visit(int number);
  }

  private Outcome send(Visitors visitors) throws Exception {
    var clicked = link();
    var watched = link(); // of another visitor, whose clicks wait for those of the others
    var answered = new LongAdder();
    var next = new AtomicInteger();
    var oldest = new AtomicLong();
    var cpu = cpu();
    var watching = Thread.ofVirtual().start(() -> watch(watched, oldest));
    var start = System.nanoTime();
    Workers.run(
        CONNECTIONS,
        () -> {
          try (var connection = product.links()) {
            for (int i; (i = next.getAndIncrement()) < CLICKS; ) {
              var due = start + i * TimeUnit.SECONDS.toNanos(1) / PER_SECOND;
              TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
              var visit = visitors.visit(i);
              if (connection.follow(clicked + visit.query, visit.agent, visit.referrer) == 302) {
                answered.increment();
              }
            }
          }
          return null;
        });
    var end = Instant.now().plus(DEADLINE);
    var counted = counted(clicked);
    while (counted < answered.sum() && Instant.now().isBefore(end)) {
      TimeUnit.MILLISECONDS.sleep(500);
      counted = counted(clicked);
    }
    watching.interrupt();
    watching.join();
    var micros = (cpu() - cpu) / 1_000.0 / CLICKS;
    return new Outcome(answered.sum(), counted, micros, Duration.ofMillis(oldest.get()));
  }

  private long cpu() {
    return process.info().totalCpuDuration().orElseThrow().toNanos();
  }

  private String link() throws Exception {
    return product
        .post("/v1/links", Map.of("destination", "https://example.com/"))
        .path("code")
        .textValue();
  }

  private void watch(String code, AtomicLong oldest) {
    try {
      while (true) {
        TimeUnit.MILLISECONDS.sleep(250);
        for (var bucket : List.of("minute", "total")) { // live counts, and rollups
          var meta = analytics(code, bucket).path("meta");
          var through = Instant.parse(meta.path("freshThrough").textValue());
          oldest.accumulateAndGet(Duration.between(through, Instant.now()).toMillis(), Math::max);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      System.out.println("The counts cannot be read: " + e);
    }
  }

  private JsonNode analytics(String code, String bucket) throws Exception {
    return product.get("/v1/links/%s/analytics?bucket=%s&interval=1h".formatted(code, bucket));
  }

  private long counted(String code) throws Exception {
    return Math.min(
        Product.total(analytics(code, "total")), Product.total(analytics(code, "minute")));
  }
}
