package clicktide.http;

import clicktide.store.Administrators;
import clicktide.store.Await;
import clicktide.store.Owners;
import clicktide.store.Owners.Scope;
import clicktide.store.Unavailable;
import clicktide.time.TimeSource;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Authentication and authorization of API calls by their key (E10). A key that was looked up is
 * remembered for two seconds.
 */
public final class Access {
  private static final String SCHEME = "Bearer ";
  private static final int MOST_REMEMBERED = 10_000;
  private static final Duration REMEMBERED = Duration.ofSeconds(2);

  private final Owners owners;
  private final Administrators administrators;
  private final Cache<String, Optional<Owners.Key>> keys;
  private final Cache<String, Boolean> administratorKeys;

  /** The administrator has one key only. */
  public Access(Owners owners, String administratorKey, TimeSource time) {
    this(owners, only(ApiKey.hash(administratorKey)), time);
  }

  public Access(Owners owners, Administrators administrators, TimeSource time) {
    this.owners = owners;
    this.administrators = administrators;
    this.keys = remembered(time);
    this.administratorKeys = remembered(time);
  }

  private static Administrators only(byte[] administrator) {
    return hash ->
        Future.succeededFuture(MessageDigest.isEqual(HexFormat.of().parseHex(hash), administrator));
  }

  private static <V> Cache<String, V> remembered(TimeSource time) {
    return Caffeine.newBuilder()
        .maximumSize(MOST_REMEMBERED)
        .expireAfterWrite(REMEMBERED)
        .ticker(time::nanos)
        .build();
  }

  /**
   * Returns the caller that an {@code Authorization} header names. Fails with a problem of 401
   * without a valid key, with one of 403 if the key does not have the scope, and with {@link
   * Unavailable} if the store of the keys does not answer.
   */
  Future<Caller> caller(String authorization, Scope scope) {
    if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Future.failedFuture(
          Problem.unauthorized("An API key is required: `Authorization: Bearer <key>`.").raised());
    }
    return caller(authorization.substring(SCHEME.length()).strip())
        .recover(failure -> Future.failedFuture(Await.failure(failure)))
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
    return ApiKey.parse(key)
        .map(this::stored)
        .orElse(Future.succeededFuture(Optional.empty()))
        .compose(
            found ->
                found.isPresent()
                    ? Future.succeededFuture(found.map(Caller::of))
                    : administrator(ApiKey.hexHash(key)));
  }

  private Future<Optional<Caller>> administrator(String hash) {
    var known = administratorKeys.getIfPresent(hash);
    var found =
        known != null
            ? Future.succeededFuture(known)
            : administrators.has(hash).onSuccess(has -> administratorKeys.put(hash, has));
    return found.map(has -> has ? Optional.of(new Caller.Administrator()) : Optional.empty());
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
