package clicktide.management;

import clicktide.event.OwnerId;
import clicktide.http.ApiKey;
import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.http.Caller;
import clicktide.http.Fields;
import clicktide.http.Problem;
import clicktide.store.Await;
import clicktide.store.Owners;
import clicktide.store.Owners.Scope;
import clicktide.store.Owners.Terms;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An owner's keys (E10). A key is shown once, when it is given out. Nobody can give out what the
 * own key may not do. A key that ends is refused everywhere within two seconds.
 */
final class KeyRoutes {
  private static final int LONGEST_NAME = 200;
  private static final int MOST_SCOPES = 16;
  private static final long LONGEST_GRACE = Duration.ofDays(30).toSeconds();

  private final Owners owners;
  private final InstantSource clock;

  KeyRoutes(Owners owners, InstantSource clock) {
    this.owners = owners;
    this.clock = clock;
  }

  /** A key as the API shows it; {@code apiKey} when it is new only. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record KeyView(
      String keyId,
      String name,
      List<String> scopes,
      String createdAt,
      String expiresAt,
      String apiKey) {
    private static KeyView of(Owners.Issued issued, String apiKey) {
      var terms = issued.key().terms();
      return new KeyView(
          issued.key().prefix(),
          terms.name(),
          terms.scopes().stream().map(Scope::key).sorted().toList(),
          issued.at().toString(),
          terms.expiresAt().map(Instant::toString).orElse(null),
          apiKey);
    }
  }

  /** All keys of an owner. */
  record Page(List<KeyView> keys) {}

  ApiResponse list(ApiRequest call) {
    var owner = call.visibleOwner(owners::exists);
    var keys = Await.on(owners.keys(owner));
    return ApiResponse.ok(new Page(keys.stream().map(key -> KeyView.of(key, null)).toList()));
  }

  ApiResponse create(ApiRequest call) {
    var owner = call.visibleOwner(owners::exists);
    var fields = Fields.of(call.json());
    var name = fields.text("name", LONGEST_NAME).map(String::strip).filter(text -> !text.isEmpty());
    if (name.isEmpty()) {
      fields.fault("name", "missing_field", "A key needs a name.");
    }
    var scopes = scopes(fields, call);
    var expires = expiry(fields, call);
    fields.finish();
    return issue(call, owner, new Terms(name.orElseThrow(), scopes, expires));
  }

  /** Nobody gives out a key that lives longer than the own one. */
  private Optional<Instant> expiry(Fields fields, ApiRequest call) {
    var end = endOf(call.caller());
    var expires = fields.instant("expiresAt").or(() -> end);
    if (expires.filter(at -> !at.isAfter(clock.instant())).isPresent()) {
      fields.fault("expiresAt", "in_the_past", "A key ends in the future.");
    }
    if (end.isPresent() && expires.orElseThrow().isAfter(end.get())) {
      fields.fault("expiresAt", "not_yours", "This key ends before that.");
    }
    return expires;
  }

  /** When the caller's key ends, as the store knows it now: it may have ended just now. */
  private Optional<Instant> endOf(Caller caller) {
    return switch (caller) {
      case Caller.Administrator _ -> Optional.empty();
      case Caller.Owner self ->
          Await.on(owners.key(self.key()))
              .orElseThrow(() -> Problem.unauthorized("This API key has ended.").raised())
              .terms()
              .expiresAt();
    };
  }

  /** Without any, all that the caller has. */
  private static Set<Scope> scopes(Fields fields, ApiRequest call) {
    var scopes = EnumSet.noneOf(Scope.class);
    var named = fields.texts("scopes", MOST_SCOPES, LONGEST_NAME);
    for (var scope : Scope.ofOwner()) {
      if (named.map(texts -> texts.contains(scope.key())).orElse(call.caller().may(scope))) {
        scopes.add(scope);
        if (!call.caller().may(scope)) {
          fields.fault("scopes", "not_yours", "This key may not do that: " + scope.key());
        }
      }
    }
    if (scopes.isEmpty() || named.filter(texts -> texts.size() != scopes.size()).isPresent()) {
      var all = Scope.ofOwner().stream().map(Scope::key).toList();
      fields.fault("scopes", "invalid_scope", "Scopes are %s.".formatted(String.join(", ", all)));
    }
    return scopes;
  }

  private ApiResponse issue(ApiRequest call, OwnerId owner, Terms terms) {
    var key = ApiKey.random();
    try {
      var issued = Await.on(owners.by(call.actorOnce()).addKey(key.stored(owner, terms)));
      return issued(issued, key);
    } catch (Owners.TooManyKeys _) {
      throw Problem.refused("too_many_keys", "An owner has at most 100 keys.").raised();
    }
  }

  private static ApiResponse issued(Owners.Issued issued, ApiKey key) {
    var location = "/v1/owners/%s/keys/%s".formatted(issued.key().owner(), key.prefix());
    return ApiResponse.created(location, KeyView.of(issued, key.text()));
  }

  /** A new key with the same terms; the old one still works for so many seconds. */
  ApiResponse rotate(ApiRequest call) {
    var owner = call.visibleOwner(owners::exists);
    var old = find(owner, call.path("keyId"));
    var fields = Fields.of(call.json());
    var grace = fields.number("graceSeconds", 0, LONGEST_GRACE).orElse(0L);
    var scopes = old.key().terms().scopes();
    var end = endOf(call.caller());
    var lives = old.key().terms().expiresAt();
    if (!scopes.stream().allMatch(call.caller()::may)
        || end.isPresent() && lives.filter(at -> !at.isAfter(end.get())).isEmpty()) {
      fields.fault("", "not_yours", "That key may do more than this one, or longer.");
    }
    fields.finish();
    var key = ApiKey.random();
    var mine = owners.by(call.actor());
    var rotated =
        Await.on(
            mine.rotateKey(
                old.key().prefix(),
                clock.instant().plusSeconds(grace),
                key.stored(owner, old.key().terms())));
    return issued(
        rotated.orElseThrow(
            () ->
                Problem.conflict("key_has_ended", "This key has ended, or was rotated already.")
                    .raised()),
        key);
  }

  ApiResponse revoke(ApiRequest call) {
    var owner = call.visibleOwner(owners::exists);
    var mine = owners.by(call.actor());
    if (!Await.on(mine.revokeKey(owner, call.path("keyId")))) {
      throw Problem.notFound("key").raised();
    }
    return ApiResponse.noContent();
  }

  private Owners.Issued find(OwnerId owner, String keyId) {
    return Await.on(owners.keys(owner)).stream()
        .filter(issued -> issued.key().prefix().equals(keyId))
        .findFirst()
        .orElseThrow(() -> Problem.notFound("key").raised());
  }
}
