package clicktide.enrich;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.time.ManualTime;
import clicktide.time.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import nl.basjes.parse.useragent.UserAgentAnalyzer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("C6: user agents that visitors choose to stop the counting")
class UserAgentsTest {
  private static final String FIREFOX =
      "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/%d.0";

  /** A clock that moves on by a fixed time with each reading, like a parser that is slow. */
  private static TimeSource slow(Duration perReading) {
    var nanos = new AtomicLong();
    var still = new ManualTime(Instant.EPOCH);
    return new TimeSource() {
      @Override
      public Instant instant() {
        return still.instant();
      }

      @Override
      public long nanos() {
        return nanos.addAndGet(perReading.toNanos());
      }
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a/",
        "a/ ",
        "a/b/",
        "\"a\"/",
        "a/1 (",
        "a/1(b;",
        "a|",
        "Mozilla/5.0 (",
        "Safari/",
        "Build/"
      })
  @DisplayName("a text that takes the parser 20 ms and more is refused by its structure")
  void hostileShapes(String shape) {
    var metrics = new SimpleMeterRegistry();
    var agents = new UserAgents(new ManualTime(Instant.EPOCH), metrics);

    assertThat(agents.of(shape.repeat(512 / shape.length())).browser()).isEmpty();
    assertThat(metrics.counter("user_agents_unparsed", "reason", "structure").count()).isOne();
  }

  @Test
  @DisplayName("of the user agents that the parser is tested with, 94 percent are parsed")
  void knownAgents() throws IOException {
    var known = corpus();
    var refused = known.stream().filter(agent -> !AgentStructure.isParsable(agent)).toList();

    assertThat(known).hasSizeGreaterThan(4_000);
    assertThat(refused.size()).isLessThan(known.size() * 6 / 100);
  }

  /** The texts of the parser's own tests: browsers, applications, television sets and attacks. */
  static List<String> corpus() throws IOException {
    var agents = new ArrayList<String>();
    try (var files = FileSystems.newFileSystem(jar(), Map.of());
        var rules = Files.walk(files.getPath("UserAgents"))) {
      for (var file : rules.filter(path -> path.toString().endsWith(".yaml")).toList()) {
        for (var line : Files.readString(file, StandardCharsets.UTF_8).lines().toList()) {
          var words = line.strip().split(": *", 2);
          if (words.length == 2 && words[0].matches("user_agent_string|User-Agent")) {
            agents.add(words[1].replaceAll("^['\"]|['\"]$", ""));
          }
        }
      }
    }
    return agents.stream().distinct().toList();
  }

  private static URI jar() {
    var location = UserAgentAnalyzer.class.getProtectionDomain().getCodeSource().getLocation();
    return URI.create("jar:" + Path.of(URI.create(location.toString())).toUri());
  }

  @Test
  @DisplayName(
      "when the time for new user agents is spent, new ones are counted as unparsed at once")
  void budget() {
    var metrics = new SimpleMeterRegistry();
    var agents = new UserAgents(slow(Duration.ofMillis(100)), metrics); // for a text, by this clock

    var browsers = new ArrayList<String>();
    for (var version = 0; version < 100; version++) {
      browsers.add(agents.of(FIREFOX.formatted(version)).browser());
    }

    assertThat(browsers).startsWith("Firefox").contains("unparsed");
    assertThat(browsers).containsOnly("Firefox", "unparsed");
    var unparsed = browsers.stream().filter("unparsed"::equals).count();
    assertThat(metrics.counter("user_agents_unparsed", "reason", "budget").count())
        .isEqualTo((double) unparsed);
    assertThat(agents.of(FIREFOX.formatted(0)).browser()).isEqualTo("Firefox"); // is remembered
  }

  @Test
  @DisplayName("the time for new user agents comes back, and an unparsed one is parsed later")
  void budgetComesBack() {
    var time = new ManualTime(Instant.EPOCH);
    var parserTime = new ParserTime(time);
    assertThat(parserTime.isLeft()).isTrue();

    parserTime.spend(Duration.ofSeconds(2).toNanos());
    time.advance(Duration.ofSeconds(8));
    assertThat(parserTime.isLeft()).isFalse();

    time.advance(Duration.ofMillis(8));
    assertThat(parserTime.isLeft()).isTrue();
  }

  @Test
  @DisplayName("no text makes the parser fail: 2,000 random mutations of the known user agents")
  void mutations() throws IOException {
    var seed = Long.getLong("seed", 17);
    var random = new Random(seed);
    var known = corpus();
    var metrics = new SimpleMeterRegistry();
    var agents = new UserAgents(new ManualTime(Instant.EPOCH), metrics);

    for (var i = 0; i < 2_000; i++) {
      var text = mutated(known.get(random.nextInt(known.size())), random);
      assertThat(agents.of(text).device()).as("seed %d: %s", seed, text).isNotNull();
    }
    assertThat(metrics.counter("user_agents_unparsed", "reason", "failure").count()).isZero();
  }

  /** Repeats some parts of a text elsewhere in it. */
  static String mutated(String origin, Random random) {
    var text = new StringBuilder(origin);
    for (var change = 0; change < 5 && text.length() > 1; change++) {
      var from = random.nextInt(text.length() - 1);
      var part = text.substring(from, Math.min(text.length(), from + 1 + random.nextInt(9)));
      text.insert(random.nextInt(text.length()), part.repeat(random.nextInt(4)));
    }
    return text.toString();
  }
}
