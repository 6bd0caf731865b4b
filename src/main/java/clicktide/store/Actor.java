package clicktide.store;

import clicktide.event.OwnerId;
import java.util.Optional;

/** Who changes something, as the audit log names it, and whether it is to be done once only. */
public record Actor(String name, Optional<Once> once) {
  /** Nobody's call: the product itself. */
  public static final Actor CLICKTIDE = new Actor("clicktide", Optional.empty());

  /**
   * A key of the caller's for what it wants (draft-ietf-httpapi-idempotency-key-header), and a
   * fingerprint of that. What was made with it is remembered for a day, by the transaction that
   * makes it.
   */
  public record Once(OwnerId owner, String key, String request) {}

  /** It was made before; {@code what} names it. */
  public static final class Done extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String what;

    public Done(String what) {
      super("it was made before", null, false, false);
      this.what = what;
    }

    public String what() {
      return what;
    }
  }

  /** The key was used for something else. */
  public static final class Reused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Reused() {
      super("the key was used for another request", null, false, false);
    }
  }
}
