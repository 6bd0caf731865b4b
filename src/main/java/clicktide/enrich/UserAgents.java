package clicktide.enrich;

import clicktide.count.Visit.Agent;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import nl.basjes.parse.useragent.UserAgent;
import nl.basjes.parse.useragent.UserAgentAnalyzer;

/**
 * Reads user agents with yauaa. The rules take seconds to load, which happens beside the start;
 * whoever asks earlier waits. For any thread but event loops.
 */
public final class UserAgents {
  private static final int LONGEST = 512;
  private static final Agent NONE =
      new Agent("other", "", "", true); // browsers always say who they are

  private final CompletableFuture<UserAgentAnalyzer> analyzer =
      CompletableFuture.supplyAsync(
          UserAgents::load, task -> Thread.ofPlatform().name("user-agents").start(task));
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
    var robot =
        agentClass.startsWith("Robot")
            || deviceClass.startsWith("Robot")
            || agentClass.equals("Hacker")
            || Robots.names(userAgent);
    return new Agent(
        robot ? "bot" : device(deviceClass),
        known(parsed.getValue(UserAgent.AGENT_NAME)),
        known(parsed.getValue(UserAgent.OPERATING_SYSTEM_NAME)),
        robot);
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

  /** Short rules of our own for machines that yauaa takes for browsers. */
  private static final class Robots {
    private static final List<String> MARKS =
        List.of(
            "bot",
            "crawl",
            "spider",
            "preview",
            "whatsapp/",
            "facebookexternalhit",
            "headlesschrome",
            "lighthouse",
            "curl/",
            "wget/",
            "python",
            "java/",
            "okhttp",
            "go-http-client",
            "axios/",
            "libwww",
            "httpclient",
            "scrapy",
            "monitor",
            "uptime",
            "pingdom",
            "slackbot",
            "telegram");

    private static boolean names(String userAgent) {
      var lower = userAgent.toLowerCase(Locale.ROOT).replace("cubot", ""); // a maker of phones
      return MARKS.stream().anyMatch(lower::contains);
    }
  }
}
