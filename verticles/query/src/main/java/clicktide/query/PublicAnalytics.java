package clicktide.query;

import clicktide.http.ApiKey;
import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.http.Password;
import clicktide.http.Problem;
import clicktide.link.Link;
import clicktide.replica.LinkMap;
import clicktide.store.Await;
import clicktide.store.PublicStats;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers anybody about a link whose owner wants that. A link that shows nothing is as absent as
 * one that never was. A password comes as RFC 7617 says (Basic), with any user name.
 */
final class PublicAnalytics {
  private static final int MOST_GUESSES = 10; // of a link, in a minute
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final LinkMap links;
  private final PublicStats stats;
  private final Analytics analytics;
  private final Cache<String, Boolean> right =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterAccess(MINUTE).build();
  private final Cache<Long, AtomicInteger> guesses =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(MINUTE).build();

  PublicAnalytics(QueryVerticle.Stores stores, Analytics analytics) {
    this.links = stores.links();
    this.stats = stores.publicStats();
    this.analytics = analytics;
  }

  ApiResponse link(ApiRequest call) {
    var link = call.link(links::find).orElseThrow(() -> Problem.notFound("link").raised());
    var visibility =
        Await.on(stats.find(link.id())).orElseThrow(() -> Problem.notFound("link").raised());
    visibility.passwordHash().ifPresent(hash -> requirePassword(call, link, hash));
    return analytics.link(call, link);
  }

  private void requirePassword(ApiRequest call, Link link, String hash) {
    var password =
        call.header("authorization")
            .flatMap(PublicAnalytics::password)
            .orElseThrow(() -> Problem.passwordNeeded("A password is required.").raised());
    // the hash is part of the name, so a changed password is asked for again at once
    var name = hash + HexFormat.of().formatHex(ApiKey.hash(password));
    if (right.getIfPresent(name) != null) {
      return;
    }
    var guess = guesses.get(link.id(), _ -> new AtomicInteger());
    if (guess.incrementAndGet() > MOST_GUESSES) {
      throw Problem.tooMany("Too many passwords were tried; wait a minute.").raised();
    }
    if (!Password.matches(password, hash)) {
      throw Problem.passwordNeeded("The password is wrong.").raised();
    }
    guess.decrementAndGet();
    right.put(name, true);
  }

  private static Optional<String> password(String authorization) {
    if (!authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
      return Optional.empty();
    }
    try {
      var text =
          new String(
              Base64.getDecoder().decode(authorization.substring(6).strip()),
              StandardCharsets.UTF_8);
      return text.indexOf(':') < 0
          ? Optional.empty()
          : Optional.of(text.substring(text.indexOf(':') + 1));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
