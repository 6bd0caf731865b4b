package clicktide.http;

import clicktide.store.Owners;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;

/** Finds out who calls (E10). A key that was looked up is remembered for two seconds. */
public final class Access {
  private static final String SCHEME = "Bearer ";

  private final Owners owners;
  private final byte[] administrator;
  private final Cache<String, Optional<Owners.Key>> remembered =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(Duration.ofSeconds(2)).build();

  public Access(Owners owners, String administratorKey) {
    this.owners = owners;
    this.administrator = ApiKey.hash(administratorKey);
  }

  /** Fails with a problem of 401. */
  Future<Caller> caller(String authorization) {
    if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Future.failedFuture(
          Problem.unauthorized("Send an API key as 'Authorization: Bearer <key>'.").raised());
    }
    var text = authorization.substring(SCHEME.length()).strip();
    if (MessageDigest.isEqual(ApiKey.hash(text), administrator)) {
      return Future.succeededFuture(new Caller.Administrator());
    }
    return ApiKey.parse(text)
        .map(key -> stored(key.prefix()).map(found -> found.filter(k -> key.matches(k.hash()))))
        .orElse(Future.succeededFuture(Optional.empty()))
        .map(
            found ->
                found
                    .<Caller>map(
                        key -> new Caller.Owner(key.owner(), key.prefix(), key.terms().scopes()))
                    .orElseThrow(
                        () -> Problem.unauthorized("This API key is not known.").raised()));
  }

  private Future<Optional<Owners.Key>> stored(String prefix) {
    var known = remembered.getIfPresent(prefix);
    if (known != null) {
      return Future.succeededFuture(known);
    }
    return owners.key(prefix).onSuccess(found -> remembered.put(prefix, found));
  }
}
