package clicktide.enrich;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.time.ManualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * A search for the user agent that takes the parser longest, among those that {@link
 * AgentStructure} admits. It prints the text and its processor time, which decision 0020 names.
 */
@DisplayName("C6: the slowest user agent within the limits")
@EnabledIfSystemProperty(named = "clicktide.faults", matches = "all")
@Timeout(300)
class SlowestAgentTest {
  private static final Duration SEARCH = Duration.ofMinutes(1);
  private static final int WARM_UP = 2_000; // texts, until the JVM has compiled the parser

  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final Random random = new Random(17);

  @Test
  @DisplayName("a minute of random changes to known user agents makes no text fail")
  void search() throws IOException {
    var known = UserAgentsTest.corpus();
    known.stream().filter(AgentStructure::isParsable).limit(WARM_UP).forEach(this::parse);
    var parser = thread();
    var slowest = known.getFirst();
    var most = 0L;
    var texts = 0;

    var end = System.nanoTime() + SEARCH.toNanos();
    while (System.nanoTime() < end) {
      var origin = random.nextBoolean() ? slowest : known.get(random.nextInt(known.size()));
      var text = UserAgentsTest.mutated(origin, random);
      if (text.length() <= UserAgents.MAX_LENGTH && AgentStructure.isParsable(text)) {
        texts++;
        var took = cost(text, parser);
        if (took > most && Math.min(took, cost(text, parser)) > most) { // not by chance
          most = took;
          slowest = text;
        }
      }
    }

    System.out.printf(
        "The slowest of %,d user agents takes %.0f ms of the processor: %s%n",
        texts, most / 1e6, slowest);
    assertThat(metrics.counter("user_agents_unparsed", "reason", "failure").count()).isZero();
  }

  private long cost(String text, long parser) {
    var threads = ManagementFactory.getThreadMXBean();
    var from = threads.getThreadCpuTime(parser);
    parse(text);
    return threads.getThreadCpuTime(parser) - from;
  }

  private void parse(String text) {
    new UserAgents(new ManualTime(Instant.EPOCH), metrics).of(text); // it remembers nothing yet
  }

  private static long thread() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("user-agents"))
        .findFirst()
        .orElseThrow()
        .threadId();
  }
}
