package clicktide.deploy;

import clicktide.event.OwnerId;
import clicktide.http.ApiKey;
import clicktide.store.Links;
import clicktide.store.Owners;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Demo traffic: an owner "demo" with a dozen links, which this process follows over HTTP, so that
 * the dashboard shows live numbers.
 */
final class Demo {
  private static final Logger log = LoggerFactory.getLogger(Demo.class);
  private static final long STEP_MILLIS = 100;
  private static final List<String> PAGES =
      List.of(
          "launch",
          "pricing",
          "docs",
          "blog/tides",
          "newsletter",
          "podcast",
          "jobs",
          "changelog",
          "webinar",
          "app",
          "support",
          "press");
  private static final List<String> AGENTS =
      List.of(
          "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
          "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
          "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
          "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
          "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
          "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)");
  private static final List<String> REFERRERS =
      List.of(
          "",
          "",
          "https://www.google.com/",
          "https://t.co/abc",
          "https://www.reddit.com/r/all",
          "https://news.ycombinator.com/",
          "https://www.linkedin.com/feed/");
  private static final List<String> QUERIES =
      List.of("", "", "", "?qr=1", "?utm_source=newsletter&utm_medium=email&utm_campaign=spring");

  private final Platform platform;
  private final Owners owners;
  private final Links links;
  private final RandomGenerator random;
  private final List<String> codes = new ArrayList<>();

  /** {@code random} must be secure: it also creates the owner. */
  Demo(Platform platform, Stores.Sql sql, RandomGenerator random) {
    this.platform = platform;
    owners = sql.owners();
    links = sql.links();
    this.random = random;
  }

  /** Creates owner and links unless they exist, then sends clicks until the result is closed. */
  AutoCloseable start() throws IOException {
    var file = new PrivateFile(platform.settings().data().resolve("demo.key"));
    var known = file.read().flatMap(ApiKey::parse);
    var owner = known.isPresent() ? owner(known.get()) : begin(file);
    links
        .list(Links.Search.all(owner), PAGES.size())
        .await()
        .links()
        .forEach(link -> codes.add(link.code()));
    var client = platform.vertx().createHttpClient();
    var timer = platform.vertx().setPeriodic(STEP_MILLIS, _ -> step(client));
    log.info("Demo traffic runs for owner {}; its key is in {}", owner, file.path());
    return () -> {
      platform.vertx().cancelTimer(timer);
      client.close();
    };
  }

  private OwnerId owner(ApiKey key) {
    return owners.key(key.prefix()).await().orElseThrow().owner();
  }

  private OwnerId begin(PrivateFile file) throws IOException {
    var owner = FirstStart.newOwner(random);
    var key = ApiKey.random(random);
    owners.create(owner, "demo", key.first(owner)).await();
    for (var page : PAGES) {
      links.create(FirstStart.draft(owner, "https://example.com/" + page)).await();
    }
    file.write(key.text());
    return owner;
  }

  /** Sends clicks in waves of minutes; the first links get more of them. */
  private void step(HttpClient client) {
    var phase = platform.time().nanos() / 1e9; // seconds
    var wave = 1.2 + Math.sin(phase / 47) + 0.4 * Math.sin(phase / 11);
    var clicks = (int) Math.round(Math.max(0, wave + random.nextGaussian() * 0.6));
    for (var i = 0; i < clicks; i++) {
      var popular = Math.min(random.nextInt(codes.size()), random.nextInt(codes.size()));
      click(client, codes.get(popular));
    }
  }

  private void click(HttpClient client, String code) {
    var options =
        new RequestOptions()
            .setMethod(random.nextInt(40) == 0 ? HttpMethod.HEAD : HttpMethod.GET)
            .setHost(platform.settings().bind())
            .setPort(platform.settings().port())
            .setURI("/" + code + pick(QUERIES))
            .putHeader("User-Agent", pick(AGENTS));
    var referrer = pick(REFERRERS);
    if (!referrer.isEmpty()) {
      options.putHeader("Referer", referrer);
    }
    client
        .request(options)
        .compose(request -> request.send())
        .onFailure(failure -> log.debug("A demo click failed", failure));
  }

  private String pick(List<String> list) {
    return list.get(random.nextInt(list.size()));
  }
}
