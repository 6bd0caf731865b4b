package clicktide.load;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The attacks of the security review, repeated from outside: {@code Attacks [FINDING…]}. It starts
 * the product, and prints a table with a row per attack. It exits with code 1 if an attack delays
 * others, ends the process, fills its heap, loses a click or breaks a promise of its own.
 */
public final class Attacks {
  static final int LINKS_PER_OWNER = 5_000;
  static final int EVENTS_A_MINUTE = 100_000;
  static final int CALLS_A_MINUTE = 2_000;
  static final String PROXY = "127.77.0.1";

  /** Quotas are low, so that bounded attacks reach them. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "CLICKTIDE_LINKS_PER_OWNER", Integer.toString(LINKS_PER_OWNER),
          "CLICKTIDE_EVENTS_A_MINUTE", Integer.toString(EVENTS_A_MINUTE),
          "CLICKTIDE_CALLS_A_MINUTE", Integer.toString(CALLS_A_MINUTE),
          "CLICKTIDE_TRUSTED_PROXIES", PROXY + "/32");

  private static final double HEAP_SHARE = 0.9; // above it, the next allocation may end the process

  private Attacks() {}

  public static void main(String[] arguments) throws Exception {
    var chosen = Set.of(arguments);
    var attacks =
        Stream.of(
                VisitorAttacks.all(),
                QuestionAttacks.all(),
                ImportAttacks.all(),
                SocketAttacks.all(),
                RequestAttacks.all(),
                KeyAttacks.all())
            .flatMap(List::stream)
            .filter(attack -> chosen.isEmpty() || chosen.contains(attack.finding()))
            .toList();
    var rows = new ArrayList<AttackRow>();
    try (var started = new StartedProduct(SETTINGS)) {
      var bystander = new Bystander(started);
      for (var attack : attacks) {
        rows.add(run(attack, started, bystander));
        System.out.println(rows.getLast().markdown());
      }
    }
    print(rows);
    System.exit(rows.stream().allMatch(AttackRow::isHeld) ? 0 : 1);
  }

  private static AttackRow run(Attack attack, StartedProduct started, Bystander bystander)
      throws Exception {
    var seen = new Seen();
    var target = new Target(started);
    var bound = HEAP_SHARE * started.maximumHeap() / (1 << 20);
    var watch = bystander.watch();
    var begin = System.nanoTime();
    try {
      TimeUnit.SECONDS.sleep(1); // the bystander begins before the attack
      attack.steps().run(target, seen);
      TimeUnit.SECONDS.sleep(1); // and ends after it
    } catch (Exception e) {
      seen.require(false, "the attack ended with " + e);
    }
    var seconds = (System.nanoTime() - begin) / 1e9;
    watch.stop();
    seen.require(started.isAlive(), "the process ended");
    started.launch();
    var lost = bystander.lost();
    return AttackRow.of(attack, seen, seconds, watch, bound, lost);
  }

  private static void print(List<AttackRow> rows) {
    var load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    System.out.printf("%n%s%n", AttackRow.HEAD);
    rows.forEach(row -> System.out.println(row.markdown()));
    System.out.printf(
        "%n%d of %d attacks held, load average %.1f%n",
        rows.stream().filter(AttackRow::isHeld).count(), rows.size(), load);
  }
}
