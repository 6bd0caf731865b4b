package clicktide.query;

import clicktide.http.ApiKey;
import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.http.ComputeTurns;
import clicktide.http.Password;
import clicktide.http.Problem;
import clicktide.link.Link;
import clicktide.replica.LinkMap;
import clicktide.store.Await;
import clicktide.store.PublicStats;
import clicktide.time.TimeSource;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The endpoint for public analytics of a link. A link whose owner does not publish them is answered
 * like an unknown one. A password is sent as in RFC 7617 (Basic), with any user name. The number of
 * wrong passwords is limited.
 */
final class PublicAnalytics {
  private static final int MAX_ENTRIES = 10_000;
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final LinkMap links;
  private final PublicStats stats;
  private final Analytics analytics;
  private final ComputeTurns turns;
  private final Cache<String, Boolean> accepted;
  private final PasswordGuesses guesses;

  PublicAnalytics(
      QueryVerticle.QueryStores stores,
      Analytics analytics,
      ComputeTurns turns,
      PasswordGuesses guesses,
      TimeSource time) {
    this.turns = turns;
    this.links = stores.links();
    this.stats = stores.publicStats();
    this.analytics = analytics;
    this.guesses = guesses;
    this.accepted =
        Caffeine.newBuilder()
            .maximumSize(MAX_ENTRIES)
            .expireAfterAccess(MINUTE)
            .ticker(time::nanos)
            .build();
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
    // with the hash, so that a changed password takes effect at once
    var key = hash + HexFormat.of().formatHex(ApiKey.hash(password));
    if (accepted.getIfPresent(key) != null) {
      return;
    }
    var guesser = PasswordGuesses.Guesser.of(link.id(), call.network());
    guesses.use(guesser);
    if (!turns.run(call.caller(), () -> Password.matches(password, hash))) {
      throw Problem.passwordNeeded("The password is wrong.").raised();
    }
    guesses.giveBack(guesser);
    accepted.put(key, true);
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
