package clicktide.management;

import clicktide.event.OwnerId;
import clicktide.http.ApiKey;
import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.http.Caller;
import clicktide.http.Fields;
import clicktide.http.Problem;
import clicktide.store.Actor;
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
import java.util.random.RandomGenerator;

/**
 * The routes of an owner's keys (E10). A key is shown once, when it is created. A new key can do no
 * more than the key that creates it. A key that has ended is refused everywhere within two seconds.
 */
final class KeyRoutes {
  private static final int LONGEST_NAME = 200;
  private static final int MOST_SCOPES = 16;
  private static final long LONGEST_GRACE = Duration.ofDays(30).toSeconds();

  private final Owners owners;
  private final InstantSource clock;
  private final RandomGenerator random;

  KeyRoutes(Owners owners, InstantSource clock, RandomGenerator random) {
    this.owners = owners;
    this.clock = clock;
    this.random = random;
  }

  /** A key as the API shows it; {@code apiKey} is absent unless the key is new. */
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
  record KeyList(List<KeyView> keys) {}

  ApiResponse list(ApiRequest call) {
    var owner = call.visibleOwner(owners::exists);
    var keys = Await.on(owners.keys(owner));
    return ApiResponse.ok(new KeyList(keys.stream().map(key -> KeyView.of(key, null)).toList()));
  }

  ApiResponse create(ApiRequest call) {
    var owner = call.visibleOwner(owners::exists);
    var fields = Fields.of(call.json());
    var name = fields.text("name", LONGEST_NAME).map(String::strip).filter(text -> !text.isEmpty());
    if (name.isEmpty()) {
      fields.fault("name", "missing_field", "`name` is required.");
    }
    var scopes = scopes(fields, call);
    var expires = expiry(fields, call);
    fields.finish();
    return issue(call, owner, new Terms(name.orElseThrow(), scopes, expires));
  }

  /** Reads the end of a new key, at most the end of the caller's key. */
  private Optional<Instant> expiry(Fields fields, ApiRequest call) {
    var end = endOf(call.caller());
    var expires = fields.instant("expiresAt").or(() -> end);
    if (expires.filter(at -> !at.isAfter(clock.instant())).isPresent()) {
      fields.fault("expiresAt", "in_the_past", "`expiresAt` must be in the future.");
    }
    if (end.isPresent() && expires.orElseThrow().isAfter(end.get())) {
      fields.fault(
          "expiresAt", "not_yours", "`expiresAt` cannot be after the end of the caller's key.");
    }
    return expires;
  }

  /** Returns the end of the caller's key as the store has it now, since it can have changed. */
  private Optional<Instant> endOf(Caller caller) {
    return switch (caller) {
      case Caller.Administrator _ -> Optional.empty();
      case Caller.Owner self ->
          Await.on(owners.key(self.key()))
              .orElseThrow(KeyRoutes::callerHasEnded)
              .terms()
              .expiresAt();
    };
  }

  private static Problem.Raised callerHasEnded() {
    return Problem.unauthorized("The API key has ended.").raised();
  }

  /** Reads the scopes; the default is all scopes of the caller. */
  private static Set<Scope> scopes(Fields fields, ApiRequest call) {
    var scopes = EnumSet.noneOf(Scope.class);
    var named = fields.texts("scopes", MOST_SCOPES, LONGEST_NAME);
    for (var scope : Scope.ofOwner()) {
      if (named.map(texts -> texts.contains(scope.key())).orElse(call.caller().may(scope))) {
        scopes.add(scope);
        if (!call.caller().may(scope)) {
          fields.fault(
              "scopes",
              "not_yours",
              "`scopes` cannot contain %s, which the caller's key does not have."
                  .formatted(scope.key()));
        }
      }
    }
    if (scopes.isEmpty() || named.filter(texts -> texts.size() != scopes.size()).isPresent()) {
      var all = Scope.ofOwner().stream().map(Scope::key).toList();
      fields.fault(
          "scopes",
          "invalid_scope",
          "`scopes` must be a list of %s.".formatted(String.join(", ", all)));
    }
    return scopes;
  }

  private ApiResponse issue(ApiRequest call, OwnerId owner, Terms terms) {
    var key = ApiKey.random(random);
    return switch (Await.on(owners.by(call.actorOnce()).addKey(key.stored(owner, terms)))) {
      case Owners.Issued issued -> issued(issued, key);
      case Owners.TooManyKeys() ->
          throw Problem.refused("too_many_keys", "An owner cannot have more than 100 keys.")
              .raised();
      case Owners.CreatorHasEnded() -> throw callerHasEnded();
      case Actor.Repeat repeat -> throw RepeatedCall.problem(repeat);
    };
  }

  private static ApiResponse issued(Owners.Issued issued, ApiKey key) {
    var location = "/v1/owners/%s/keys/%s".formatted(issued.key().owner(), key.prefix());
    return ApiResponse.created(location, KeyView.of(issued, key.text()));
  }

  /** Adds a key with the same terms. The old key works for {@code graceSeconds} more. */
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
      fields.fault(
          "", "not_yours", "The caller's key cannot rotate a key with more scopes or a later end.");
    }
    fields.finish();
    var key = ApiKey.random(random);
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
                Problem.conflict("key_has_ended", "The key has ended or was rotated already.")
                    .raised()),
        key);
  }

  ApiResponse revoke(ApiRequest call) {
    var owner = call.visibleOwner(owners::exists);
    var withDescendants = call.flag("descendants", true);
    var mine = owners.by(call.actor());
    if (!Await.on(mine.revokeKey(owner, call.path("keyId"), withDescendants))) {
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
