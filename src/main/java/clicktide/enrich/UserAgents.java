package clicktide.enrich;

import clicktide.enrich.EnrichedClick.Agent;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import nl.basjes.parse.useragent.UserAgent;
import nl.basjes.parse.useragent.UserAgentAnalyzer;
import nl.basjes.parse.useragent.Version;

/**
 * A parser of user agents by yauaa. Its rules take seconds to load in the background, and an
 * earlier call waits for them. For any thread but event loops.
 */
public final class UserAgents {
  /** The version of the rules. */
  static final String VERSION = Version.PROJECT_VERSION;

  private static final int MAX_LENGTH = 512;
  private static final Agent NONE =
      new Agent("other", "", "", BotClass.LIBRARY); // every browser sends one

  /** One analyzer per process, because it takes 100 MB and never changes. */
  private static final class SharedAnalyzer {
    private static final CompletableFuture<UserAgentAnalyzer> LOADED =
        CompletableFuture.supplyAsync(
            UserAgents::load, task -> Thread.ofPlatform().name("user-agents").start(task));
  }

  private final CompletableFuture<UserAgentAnalyzer> analyzer = SharedAnalyzer.LOADED;
  private final LoadingCache<String, Agent> cache =
      Caffeine.newBuilder().maximumSize(50_000).executor(Runnable::run).build(this::parse);

  private static UserAgentAnalyzer load() {
    return UserAgentAnalyzer.newBuilder()
        .withFields(
            UserAgent.DEVICE_CLASS,
            UserAgent.AGENT_NAME,
            UserAgent.AGENT_CLASS,
            UserAgent.OPERATING_SYSTEM_NAME)
        .hideMatcherLoadStats()
        .dropTests()
        .withoutCache() // our own cache holds smaller results
        .build();
  }

  /** Parses a user agent; a blank one is a program. */
  public Agent of(String userAgent) {
    if (userAgent.isBlank()) {
      return NONE;
    }
    return cache.get(
        userAgent.length() <= MAX_LENGTH ? userAgent : userAgent.substring(0, MAX_LENGTH));
  }

  private Agent parse(String userAgent) {
    var parsed = analyzer.join().parse(userAgent);
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
