package clicktide.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Sends traffic, injects a fault, and compares every count with the oracle. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FaultSuite {
  static final int OUTAGE_SECONDS = Integer.getInteger("clicktide.outage", 60);
  static final int OVERLOAD_SECONDS = Integer.getInteger("clicktide.overload", 60);
  private static final int DEADLINE_SECONDS = 120 + OUTAGE_SECONDS; // the spool drains slowly

  Path folder;
  Rig rig;
  Traffic traffic;
  FreshnessWatch watch;
  String note = "";
  boolean hasTrueClocks = true;
  long sent; // events of the fault itself

  /** Injects a fault and returns the number of processes that it killed. */
  interface Fault {
    int inject() throws Exception;
  }

  /** Random numbers from the seed of {@code -Dseed}, or from a new seed if it is 0; prints it. */
  static RandomGenerator random(String use) {
    var seed = Long.getLong("clicktide.seed", 0);
    var used = seed == 0 ? System.nanoTime() : seed;
    System.out.printf("seed of the %s: -Dseed=%d%n", use, used);
    return new Random(used);
  }

  @BeforeAll
  void open(@TempDir Path place) throws Exception {
    folder = place;
    rig = new Rig(folder, settings(), jvm());
  }

  Map<String, String> settings() {
    return Map.of("CLICKTIDE_JOURNAL_MEGABYTES", "16");
  }

  /** The options of the JVMs that get the traffic. */
  UnaryOperator<ProductProcess> jvm() {
    return ProductProcess::asInProduction;
  }

  @AfterAll
  void close() throws Exception {
    if (rig != null) {
      rig.close();
    }
    FaultTable.print();
  }

  static void pause(double seconds) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep((long) (seconds * 1_000));
  }

  void under(String name, Fault fault) throws Exception {
    under(name, clicks(), events(), fault);
  }

  /** Clicks a second during a fault, unless the fault has other needs. */
  int clicks() {
    return 1_000;
  }

  /** Collectors' events a second during a fault, unless the fault has other needs. */
  int events() {
    return 500;
  }

  void under(String name, int clicks, int events, Fault fault) throws Exception {
    note = "";
    sent = 0;
    var links = new Traffic.Links(rig.links(20), rig.links(5));
    var watched = links.clicked().getFirst();
    try (var oracle = new Oracle(folder.resolve("oracle-" + watched), watched)) {
      traffic = new Traffic(rig, oracle, links).start(clicks, events);
      watch = new FreshnessWatch(rig, oracle, watched);
      int kills;
      try {
        pause(1);
        kills = fault.inject();
        pause(1);
      } catch (Throwable failure) {
        recover(failure);
        throw failure;
      } finally {
        traffic.close();
        watch.close();
      }
      var ended = System.nanoTime();
      var difference = difference(oracle);
      while (difference > 0 && seconds(ended) < DEADLINE_SECONDS) { // then the table has it
        pause(0.2);
        difference = difference(oracle);
      }
      if (difference > 0) {
        describe(oracle);
      }
      FaultTable.add(
          new FaultTable.Row(
              name,
              oracle.events() + sent,
              kills,
              difference,
              seconds(ended),
              (note.isEmpty() ? "" : note + "; ") + watch.summary()));
      assertThat(difference).as(name).isZero();
      if (hasTrueClocks) {
        assertThat(watch.overstated()).as("responses that claim more than is applied").isEmpty();
      }
      assertThat(rig.back.metrics("clicks_missing"))
          .as("by sequence numbers")
          .allSatisfy((_, missing) -> assertThat(missing).isZero());
    }
  }

  private void recover(Throwable failure) {
    try {
      rig.recover();
    } catch (Throwable other) { // what failed first matters
      failure.addSuppressed(other);
    }
  }

  static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  /** The difference of both stores. A store that is unavailable or incomplete differs. */
  private long difference(Oracle oracle) throws InterruptedException {
    var difference = 0L;
    try {
      for (var link : oracle.answered.keySet()) {
        var counted = rig.counted(link);
        var least = oracle.answered.get(link).sum();
        var most = least + oracle.unknown.getOrDefault(link, new LongAdder()).sum();
        difference += outside(sum(counted.live()), least, most);
        difference += outside(sum(counted.rollup()), least, most);
        difference += counted.isComplete() ? 0 : 1;
      }
      for (var link : oracle.accepted.keySet()) {
        var counted = rig.counted(link);
        var expected = new TreeMap<Instant, Long>();
        oracle.accepted.get(link).forEach((minute, sum) -> expected.put(minute, sum.sum()));
        difference += apart(counted.live(), expected) + apart(counted.rollup(), expected);
      }
    } catch (IOException e) {
      difference++;
    }
    return difference;
  }

  /** Prints the counts of each link after a failure. */
  private void describe(Oracle oracle) throws Exception {
    for (var link : oracle.answered.keySet()) {
      var counted = rig.counted(link);
      System.out.printf(
          "  %s: answered %s, unknown %s, live %d, rollup %d%n",
          link,
          oracle.answered.get(link),
          oracle.unknown.get(link),
          sum(counted.live()),
          sum(counted.rollup()));
    }
  }

  static long sum(Map<Instant, Long> minutes) {
    return minutes.values().stream().mapToLong(Long::longValue).sum();
  }

  private static long outside(long counted, long least, long most) {
    return Math.max(0, least - counted) + Math.max(0, counted - most);
  }

  private static long apart(Map<Instant, Long> counted, Map<Instant, Long> expected) {
    var all = new TreeMap<>(counted);
    expected.keySet().forEach(minute -> all.putIfAbsent(minute, 0L));
    return all.keySet().stream()
        .mapToLong(
            minute ->
                Math.abs(counted.getOrDefault(minute, 0L) - expected.getOrDefault(minute, 0L)))
        .sum();
  }
}
