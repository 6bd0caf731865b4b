package clicktide.count;

import clicktide.enrich.Dimension;
import clicktide.enrich.EnrichedClick;
import clicktide.enrich.Traffic;
import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.event.LinkClick.Client;
import clicktide.event.TrackingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Clicks like those of the load tests, the same in each run: links by the distribution of Zipf,
 * five user agents, four referrers and 60,000 addresses. For one thread.
 */
public final class ZipfClicks {
  private static final int ADDRESSES = 60_000;
  private static final List<String> AGENTS =
      List.of(
          "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
          "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
          "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
          "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
          "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)");
  private static final List<String> BROWSERS =
      List.of("chrome", "safari", "chrome mobile", "firefox", "googlebot"); // of the agents
  private static final List<String> REFERRERS =
      List.of("", "https://www.example.com/page", "https://news.example.org/", "https://t.co/");

  private final Random random = new Random(7);
  private final double[] cumulated; // shares of the links
  private final Instant at;
  private final Map<Client, EnrichedClick> examples = new HashMap<>(); // by client without address
  private long sequence;

  /** Clicks of one moment on links with the numbers 1 to {@code links}. */
  public ZipfClicks(int links, Instant at) {
    this.at = at;
    cumulated = new double[links];
    var sum = 0.0;
    for (var i = 0; i < links; i++) {
      sum += 1.0 / (i + 1);
      cumulated[i] = sum;
    }
  }

  /** Returns the next click of a lane, in the order of its sequence numbers. */
  public LinkClick next() {
    var address = random.nextInt(ADDRESSES);
    var text = "10.%d.%d.%d".formatted(address >> 16, address >> 8 & 255, address & 255);
    var agent = AGENTS.get(random.nextInt(AGENTS.size()));
    var referrer = REFERRERS.get(random.nextInt(REFERRERS.size()));
    var click = TestClicks.click(new Identity.Own(1, 1, 0, sequence++), link(), at);
    var client = new Client(text, agent, referrer, "go.example", false, false);
    return TestClicks.sent(click, client, TrackingMode.FULL);
  }

  private int link() {
    var drawn = random.nextDouble() * cumulated[cumulated.length - 1];
    var found = Arrays.binarySearch(cumulated, drawn);
    return 1 + Math.min(found < 0 ? -1 - found : found, cumulated.length - 1);
  }

  /** Returns the next clicks after enrichment. Clicks of equal clients share their values. */
  public List<EnrichedClick> enriched(int count) {
    var clicks = new ArrayList<EnrichedClick>(count);
    for (var i = 0; i < count; i++) {
      var click = next();
      var client = click.client();
      var kind = new Client("", client.userAgent(), client.referrer(), client.host(), false, false);
      var example = examples.computeIfAbsent(kind, _ -> example(click));
      clicks.add(
          new EnrichedClick(
              click,
              example.logged(),
              example.bot(),
              example.values(),
              1 + client.address().hashCode()));
    }
    return clicks;
  }

  private static EnrichedClick example(LinkClick click) {
    var agent = AGENTS.indexOf(click.client().userAgent());
    var traffic = agent == AGENTS.size() - 1 ? Traffic.BOT : Traffic.HUMAN;
    var visit = TestClicks.visit(click, traffic, "DE", BROWSERS.get(agent), 1);
    return TestClicks.with(visit, Dimension.REFERRER, click.client().referrer());
  }
}
