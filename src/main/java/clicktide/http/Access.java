package clicktide.http;

import clicktide.store.Owners;
import clicktide.store.Owners.Scope;
import clicktide.time.TimeSource;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;

/**
 * Authentication and authorization of API calls by their key (E10). A key that was looked up is
 * remembered for two seconds.
 */
public final class Access {
  private static final String SCHEME = "Bearer ";
  private static final Duration REMEMBERED = Duration.ofSeconds(2);

  private final Owners owners;
  private final byte[] administrator;
  private final Cache<String, Optional<Owners.Key>> keys;

  public Access(Owners owners, String administratorKey, TimeSource time) {
    this.owners = owners;
    this.administrator = ApiKey.hash(administratorKey);
    this.keys =
        Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(REMEMBERED)
            .ticker(time::nanos)
            .build();
  }

  /**
   * Returns the caller that an {@code Authorization} header names. Fails with a problem of 401
   * without a valid key, and with one of 403 if the key does not have the scope.
   */
  Future<Caller> caller(String authorization, Scope scope) {
    if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Future.failedFuture(
          Problem.unauthorized("An API key is required: `Authorization: Bearer <key>`.").raised());
    }
    return caller(authorization.substring(SCHEME.length()).strip())
        .map(caller -> requireScope(caller, scope));
  }

  private static Caller requireScope(Optional<Caller> caller, Scope scope) {
    var known =
        caller.orElseThrow(
            () -> Problem.unauthorized("The API key is unknown, revoked or expired.").raised());
    known.require(scope);
    return known;
  }

  private Future<Optional<Caller>> caller(String key) {
    if (MessageDigest.isEqual(ApiKey.hash(key), administrator)) {
      return Future.succeededFuture(Optional.of(new Caller.Administrator()));
    }
    return ApiKey.parse(key)
        .map(parsed -> stored(parsed).map(found -> found.map(Caller::of)))
        .orElse(Future.succeededFuture(Optional.empty()));
  }

  private Future<Optional<Owners.Key>> stored(ApiKey key) {
    var known = keys.getIfPresent(key.prefix());
    var found =
        known != null
            ? Future.succeededFuture(known)
            : owners.key(key.prefix()).onSuccess(stored -> keys.put(key.prefix(), stored));
    return found.map(stored -> stored.filter(one -> key.matches(one.hash())));
  }
}
