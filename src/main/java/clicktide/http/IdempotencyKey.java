package clicktide.http;

import clicktide.store.Actor;
import java.util.Optional;

/** The {@code Idempotency-Key} of a call, which makes a creation happen once. */
final class IdempotencyKey {
  private static final int LONGEST = 255;

  private IdempotencyKey() {}

  /** Returns the actor of a creation, with the key and a fingerprint of path and body. */
  static Actor actor(Caller caller, Optional<String> key, String path, byte[] body) {
    if (key.filter(text -> text.isEmpty() || text.length() > LONGEST).isPresent()) {
      throw ApiRequest.invalid(
          "Idempotency-Key", "`Idempotency-Key` must have 1 to %d characters.".formatted(LONGEST));
    }
    var request = Json.fingerprint(path + "\n" + Json.fingerprint(body));
    return new Actor(
        caller.actor(), key.map(text -> new Actor.Once(caller.share(), text, request)));
  }
}
