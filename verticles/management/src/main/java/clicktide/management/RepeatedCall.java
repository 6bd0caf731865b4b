package clicktide.management;

import clicktide.http.Problem;
import clicktide.store.Actor;

/** Makes the problems of calls whose idempotency key was used before. */
final class RepeatedCall {
  private RepeatedCall() {}

  static Problem.Raised problem(Actor.Repeat repeat) {
    return switch (repeat) {
      case Actor.Replayed(String name) ->
          Problem.conflict(
                  "already_done",
                  "`Idempotency-Key` cannot be used again: it created %s, which is not shown again."
                      .formatted(name))
              .raised();
      case Actor.KeyReused _ ->
          Problem.refused(
                  "idempotency_key_reused", "`Idempotency-Key` cannot be used for another request.")
              .raised();
    };
  }
}
