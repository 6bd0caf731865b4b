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
 * Reads user agents with yauaa. The rules take seconds to load, which happens beside the start;
 * whoever asks earlier waits. For any thread but event loops.
 */
public final class UserAgents {
  /** The version of the rules. */
  static final String VERSION = Version.PROJECT_VERSION;

  private static final int LONGEST = 512;
  private static final Agent NONE =
      new Agent("other", "", "", BotClass.LIBRARY); // browsers always say who they are

  /** One for all of a process: it takes a hundred megabytes, and nothing changes it. */
  private static final class Rules {
    private static final CompletableFuture<UserAgentAnalyzer> LOADED =
        CompletableFuture.supplyAsync(
            UserAgents::load, task -> Thread.ofPlatform().name("user-agents").start(task));
  }

  private final CompletableFuture<UserAgentAnalyzer> analyzer = Rules.LOADED;
  private final LoadingCache<String, Agent> remembered =
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
        .withoutCache() // the results of ours are smaller
        .build();
  }

  public Agent of(String userAgent) {
    if (userAgent.isBlank()) {
      return NONE;
    }
    return remembered.get(
        userAgent.length() <= LONGEST ? userAgent : userAgent.substring(0, LONGEST));
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
