package clicktide.enrich;

import clicktide.enrich.EnrichedClick.Agent;
import clicktide.time.TimeSource;
import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nl.basjes.parse.useragent.UserAgent;
import nl.basjes.parse.useragent.UserAgentAnalyzer;
import nl.basjes.parse.useragent.Version;

/**
 * A parser of user agents by yauaa, on a thread of its own. A visitor chooses the user agent, so
 * the time for it is limited three times: {@link AgentStructure} refuses slow texts, {@link
 * ParserTime} limits the time for all new ones, and a caller waits at most 2 s for one. A user
 * agent above a limit is counted at once as {@link #UNPARSED}, by own rules alone. For any thread
 * but event loops.
 */
public final class UserAgents {
  /** The browser and operating system of a user agent that was not parsed for lack of time. */
  static final String UNPARSED = "unparsed";

  /** The version of the rules. */
  static final String VERSION = Version.PROJECT_VERSION;

  static final int MAX_LENGTH = 512;
  private static final int MAX_REMEMBERED = 50_000;
  private static final int RECENT = 1 << 13;
  private static final long PATIENCE = Duration.ofSeconds(2).toNanos();

  /** Longer than a verdict takes, which has to find the values that were counted. */
  private static final Duration UNPARSED_FOR = Duration.ofMinutes(10);

  private static final Agent NONE = new Agent("other", "", "", BotClass.LIBRARY);

  /** One analyzer per process, because it takes 100 MB and parses one text at a time. */
  private static final class SharedAnalyzer {
    private static final Executor THREAD =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("user-agents").daemon().factory());
    private static final CompletableFuture<UserAgentAnalyzer> LOADED =
        CompletableFuture.supplyAsync(UserAgents::load, THREAD);
  }

  private final CompletableFuture<UserAgentAnalyzer> analyzer = SharedAnalyzer.LOADED;
  private final TimeSource time;
  private final ParserTime parserTime;
  private final Map<String, Counter> counters; // of user agents that were not parsed, by reason
  private final PlacedCache<String, Agent> recent = new PlacedCache<>(RECENT); // some of parsed
  private final AsyncCache<String, Agent> parsed =
      Caffeine.newBuilder()
          .maximumSize(MAX_REMEMBERED)
          .executor(SharedAnalyzer.THREAD)
          .buildAsync();
  private final Cache<String, Agent> unparsed =
      Caffeine.newBuilder()
          .maximumSize(MAX_REMEMBERED)
          .expireAfterWrite(UNPARSED_FOR)
          .executor(Runnable::run)
          .build();

  public UserAgents(TimeSource time, MeterRegistry metrics) {
    this.time = time;
    parserTime = new ParserTime(time);
    counters =
        Stream.of("structure", "budget", "deadline", "failure")
            .collect(
                Collectors.toMap(
                    Function.identity(),
                    reason -> metrics.counter("user_agents_unparsed", "reason", reason)));
  }

  private static UserAgentAnalyzer load() {
    var analyzer =
        UserAgentAnalyzer.newBuilder()
            .withFields(
                UserAgent.DEVICE_CLASS,
                UserAgent.AGENT_NAME,
                UserAgent.AGENT_CLASS,
                UserAgent.OPERATING_SYSTEM_NAME)
            .hideMatcherLoadStats()
            .dropTests()
            .withoutCache() // our own cache holds smaller results
            .build();
    analyzer.parse("Mozilla/5.0"); // the first one loads hundreds of classes
    return analyzer;
  }

  /** Starts to load the rules, which takes seconds. The result completes when they are loaded. */
  public static CompletableFuture<Void> loadRules() {
    return SharedAnalyzer.LOADED.thenRun(() -> {});
  }

  /** Parses a user agent. A blank one is a program: every browser sends one. */
  public Agent of(String userAgent) {
    return recent.get(userAgent).orElseGet(() -> find(userAgent));
  }

  private Agent find(String userAgent) {
    if (userAgent.isBlank()) {
      return NONE;
    }
    var text = userAgent.length() <= MAX_LENGTH ? userAgent : userAgent.substring(0, MAX_LENGTH);
    var remembered = unparsed.getIfPresent(text);
    if (remembered != null) {
      return remembered;
    }
    if (!AgentStructure.isParsable(text)) {
      counters.get("structure").increment();
      var bot = BotClassifier.of(text, false);
      var isProgram = bot == BotClass.NONE && !text.startsWith("Mozilla/");
      return new Agent("other", "", "", isProgram ? BotClass.LIBRARY : bot);
    }
    return parsed(text);
  }

  private Agent parsed(String text) {
    analyzer.join(); // outside of the time for parsing
    var known = parsed.getIfPresent(text);
    if (known == null && !parserTime.isLeft()) {
      return unparsed(text, "budget");
    }
    try {
      var agent = parsed.get(text, this::parse).get(PATIENCE, TimeUnit.NANOSECONDS);
      recent.put(text, agent);
      return agent;
    } catch (TimeoutException _) {
      parserTime.spend(PATIENCE); // or each further user agent would wait as long
      return unparsed(text, "deadline");
    } catch (ExecutionException _) {
      return unparsed(text, "failure"); // the text makes the parser fail
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("The thread was interrupted", e);
    }
  }

  private Agent unparsed(String text, String reason) {
    counters.get(reason).increment();
    return unparsed.get(
        text, _ -> new Agent("other", UNPARSED, UNPARSED, BotClassifier.of(text, false)));
  }

  private Agent parse(String userAgent) {
    var from = time.nanos();
    try {
      return agent(userAgent, analyzer.join().parse(userAgent));
    } finally {
      parserTime.spend(time.nanos() - from);
    }
  }

  private static Agent agent(String userAgent, UserAgent parsed) {
    var agentClass = parsed.getValue(UserAgent.AGENT_CLASS);
    var deviceClass = parsed.getValue(UserAgent.DEVICE_CLASS);
    var bot =
        BotClassifier.of(
            userAgent, agentClass.startsWith("Robot") || deviceClass.startsWith("Robot"));
    return new Agent(
        device(deviceClass),
        known(parsed.getValue(UserAgent.AGENT_NAME)),
        known(parsed.getValue(UserAgent.OPERATING_SYSTEM_NAME)),
        bot == BotClass.NONE && agentClass.equals("Hacker") ? BotClass.LIBRARY : bot);
  }

  private static String device(String deviceClass) {
    return switch (deviceClass) {
      case "Desktop" -> "desktop";
      case "Phone", "Mobile", "Handheld Game Console", "Watch" -> "mobile";
      case "Tablet", "eReader" -> "tablet";
      case "TV", "Set-top box", "Game Console", "Home Appliance" -> "tv";
      default -> "other";
    };
  }

  private static String known(String name) {
    return List.of("Unknown", "??").contains(name)
        ? ""
        : name.strip().replaceFirst("(?i)^unknown.*", "");
  }
}
