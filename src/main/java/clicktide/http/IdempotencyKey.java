package clicktide.http;

import clicktide.store.Actor;
import java.util.Optional;

/** The name that a caller gives a call which is to make something once. */
final class IdempotencyKey {
  private static final int LONGEST = 255;

  private IdempotencyKey() {}

  /** Who makes it, and with which key for what: the path and the body. */
  static Actor actor(Caller caller, Optional<String> key, String path, byte[] body) {
    if (key.filter(text -> text.isEmpty() || text.length() > LONGEST).isPresent()) {
      throw ApiRequest.invalid("Idempotency-Key", "It has 1 to %d characters.".formatted(LONGEST));
    }
    var request = Json.fingerprint(path + "\n" + Json.fingerprint(body));
    return new Actor(
        caller.actor(), key.map(text -> new Actor.Once(caller.share(), text, request)));
  }
}
