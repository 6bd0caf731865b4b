package clicktide.load;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A source of requests for short links: five user agents, of which one is a bot, 60,000 addresses,
 * and links by one of four distributions. For one thread.
 */
final class Traffic {
  private static final int ADDRESSES = 60_000;
  private static final double POPULAR_SHARE = 0.3;
  private static final double VIRAL_SHARE = 0.95;
  private static final List<String> AGENTS =
      List.of(
          "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
          "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
          "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
          LinkRequest.BROWSER,
          "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
          "curl/8.5.0",
          "python-requests/2.32.3",
          "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)");
  private static final int BROWSERS = 4; // the first agents, the others are bots
  private static final int USUAL = 5;
  private static final List<String> REFERRERS =
      List.of("", "https://www.example.com/page", "https://news.example.org/", "https://t.co/");

  private final int links;
  private final Shape shape;
  private final int agents;
  private final double[] cumulated; // shares of the links under the distribution of Zipf
  private final Random random;

  /** The distribution of clicks over links. */
  enum Shape {
    /** The n-th link gets a share proportional to 1/n. */
    ZIPF,
    /** All links get the same share. */
    UNIFORM,
    /** One link gets 30 %, the others the same share. */
    POPULAR,
    /** One link gets 95 %, the others the same share. */
    VIRAL
  }

  Traffic(int links, Shape shape, long seed) {
    this(links, shape, USUAL, seed);
  }

  /** Returns traffic of which half has the user agent of a bot. */
  static Traffic ofBots(int links, Shape shape, long seed) {
    return new Traffic(links, shape, AGENTS.size(), seed);
  }

  private Traffic(int links, Shape shape, int agents, long seed) {
    this.links = links;
    this.shape = shape;
    this.agents = agents;
    random = new Random(seed);
    cumulated = new double[shape == Shape.ZIPF ? links : 0];
    var sum = 0.0;
    for (var i = 0; i < cumulated.length; i++) {
      sum += 1.0 / (i + 1);
      cumulated[i] = sum;
    }
  }

  /** Returns the code of a link; numbers begin at 0. */
  static String code(int link) {
    return "b" + Integer.toString(link, Character.MAX_RADIX);
  }

  /** Returns the next request. */
  LinkRequest next() {
    var link = link();
    var agent = random.nextInt(agents);
    return new LinkRequest(
        link, code(link), AGENTS.get(agent), agent >= BROWSERS, referrer(), address());
  }

  /** Returns the next click as an event of the batch collector, in JSON. */
  String event(String id, Instant at) {
    return "{\"eventId\":\"%s\",\"shortCode\":\"%s\",\"eventTime\":\"%s\",\"userAgent\":\"%s\",\"referrer\":\"%s\",\"ip\":\"%s\"}"
        .formatted(
            id,
            code(link()),
            at,
            AGENTS.get(random.nextInt(agents)),
            referrer(),
            LinkRequest.address(address()));
  }

  private int address() {
    return random.nextInt(ADDRESSES);
  }

  private String referrer() {
    return REFERRERS.get(random.nextInt(REFERRERS.size()));
  }

  private int link() {
    return switch (shape) {
      case ZIPF -> {
        var found =
            Arrays.binarySearch(cumulated, random.nextDouble() * cumulated[cumulated.length - 1]);
        yield Math.min(found < 0 ? -1 - found : found, links - 1);
      }
      case UNIFORM -> random.nextInt(links);
      case POPULAR -> withOneOf(POPULAR_SHARE);
      case VIRAL -> withOneOf(VIRAL_SHARE);
    };
  }

  private int withOneOf(double share) {
    return random.nextDouble() < share ? 0 : random.nextInt(links);
  }
}
