package clicktide.store;

import clicktide.event.OwnerId;
import java.util.Optional;

/**
 * The author of a change as the audit log names it: the prefix of a key, {@code administrator} or
 * {@code clicktide}. With an idempotency key the change takes place once only.
 */
public record Actor(String name, Optional<Once> once) {
  /** The product itself. */
  public static final Actor CLICKTIDE = new Actor("clicktide", Optional.empty());

  /**
   * An owner's idempotency key (draft-ietf-httpapi-idempotency-key-header) and a fingerprint of the
   * request. The transaction that creates something keeps its name with the key for one day.
   */
  public record Once(OwnerId owner, String key, String request) {}

  /** The result of a write whose idempotency key an earlier call has used. */
  public sealed interface Repeat extends Links.Creation, Owners.OwnerCreation, Owners.KeyCreation {}

  /** The earlier call had the same request and created a thing of this name. */
  public record Replayed(String name) implements Repeat {}

  /** The earlier call had another request. */
  public record KeyReused() implements Repeat {}
}
