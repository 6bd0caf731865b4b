package clicktide.load;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Attacks with the values that visitors choose: user agents, campaigns, referrers and codes. */
final class VisitorAttacks {
  private static final Duration DEADLINE = Duration.ofMinutes(2);
  private static final int REAL_CLICKS = 40;

  private VisitorAttacks() {}

  static List<Attack> all() {
    return List.of(
        new Attack("C1", "user agents that are slow to parse", VisitorAttacks::agents),
        new Attack("C3", "unique values of five dimensions on 50 links", VisitorAttacks::values),
        new Attack("M6", "first 1,050 values of a link's referrers", VisitorAttacks::firstValues),
        new Attack("L7", "long X-Forwarded-For through a trusted proxy", VisitorAttacks::forwarded),
        new Attack("L9", "guesses of codes from 100 networks", VisitorAttacks::guesses));
  }

  private static void agents(Target target, Seen seen) throws Exception {
    var link = target.owner().link();
    var agents = new HostileAgents();
    target.flood(
        target.visits(4_000),
        _ -> Target.get("/" + link, "User-Agent: %s\r\n".formatted(agents.next())),
        seen);
    seen.require(seen.of("302") == seen.all(), "a request was not redirected");
  }

  private static void values(Target target, Seen seen) throws Exception {
    var owner = target.owner();
    var links = new ArrayList<String>();
    for (var i = 0; i < 50; i++) {
      links.add(owner.link());
    }
    var random = new Random(3);
    target.flood(
        target.visits(40_000),
        i -> {
          var query =
              "?utm_source=%s&utm_medium=%s&utm_campaign=%s"
                  .formatted(value(random), value(random), value(random));
          var referrer = "Referer: https://%s.example/\r\n".formatted(value(random).substring(65));
          return Target.get("/" + links.get(i % links.size()) + query, referrer);
        },
        seen);
    seen.require(seen.of("302") == seen.all(), "a request was not redirected");
  }

  private static synchronized String value(Random random) {
    var bytes = new byte[60];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Values of the day before must keep their places (decision 0010). */
  private static void firstValues(Target target, Seen seen) throws Exception {
    var owner = target.owner();
    var link = owner.link();
    var yesterday = Instant.now().minus(Duration.ofDays(1));
    var events = new ArrayList<Map<String, Object>>();
    for (var i = 0; i < 20; i++) {
      events.add(
          Map.of(
              "eventId",
              "yesterday-" + i,
              "shortCode",
              link,
              "eventTime",
              yesterday.toString(),
              "userAgent",
              HostileAgents.BROWSER.formatted(140),
              "referrer",
              "https://news.example/",
              "ip",
              "203.0.113." + i));
    }
    owner.product().post("/internal/click-events/batch", Map.of("events", events));
    await(owner, link, "", 20);
    target.flood(
        target.visits(1_050), i -> visit(link, "https://random%d.example/".formatted(i)), seen);
    target.flood(target.visits(REAL_CLICKS), _ -> visit(link, "https://news.example/"), seen);
    await(owner, link, "", 20 + seen.of("302"));
    var counted = await(owner, link, "&referrer=news.example", 20 + REAL_CLICKS);
    seen.require(
        counted == 20 + REAL_CLICKS,
        "of 60 clicks of a known referrer %d count".formatted(counted));
  }

  private static byte[] visit(String link, String referrer) {
    var agent = HostileAgents.BROWSER.formatted(140);
    return Target.get("/" + link, "User-Agent: %s\r\nReferer: %s\r\n".formatted(agent, referrer));
  }

  /** Waits until as many clicks of two days are counted, and returns the last count. */
  private static long await(Target.Owner owner, String link, String filter, long clicks)
      throws Exception {
    var path = "/v1/links/%s/analytics?bucket=total&interval=7d%s".formatted(link, filter);
    var end = Instant.now().plus(DEADLINE);
    var counted = Product.total(owner.product().get(path));
    while (counted < clicks && Instant.now().isBefore(end)) {
      TimeUnit.MILLISECONDS.sleep(200);
      counted = Product.total(owner.product().get(path));
    }
    return counted;
  }

  /** The clients are the entries on the right, whatever is on their left. */
  private static void forwarded(Target target, Seen seen) throws Exception {
    var owner = target.owner();
    var link = owner.link();
    for (var left : List.of("x".repeat(2_000), "203.0.113.1, ".repeat(40), "198.51.100.7")) {
      for (var client = 0; client < 3; client++) {
        try (var connection = new RawConnection(Attacks.PROXY, target.linkPort)) {
          var header = "X-Forwarded-For: %s, 192.0.2.%d\r\n".formatted(left, client);
          seen.status(connection.write(Target.get("/" + link, header)).read().status());
        }
      }
    }
    await(owner, link, "", 9);
    var path = "/v1/links/%s/analytics?bucket=total&interval=24h&metrics=uniqueVisitors";
    var visitors =
        owner.product().get(path.formatted(link)).at("/totals/uniqueVisitors/estimate").longValue();
    seen.require(visitors == 3, "3 clients count as %d visitors".formatted(visitors));
  }

  private static void guesses(Target target, Seen seen) throws Exception {
    target.flood(
        new Target.Flood(target.linkPort, 100, 100, 20_000, Duration.ofSeconds(12)),
        i -> Target.get("/guess%d".formatted(i), ""),
        seen);
    seen.require(seen.of("302") == 0, "a guess was redirected");
    var answered = seen.of("404"); // 60 of a network within 10 s
    seen.require(answered <= 2 * 60 * 100, "%d guesses were answered".formatted(answered));
  }
}
