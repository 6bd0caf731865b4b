package clicktide.store;

/** A dependency does not answer. The caller may try again after a moment. */
public final class Unavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public Unavailable(String message) {
    super(message);
  }

  Unavailable(Throwable cause) {
    super("A store does not answer: " + cause, cause);
  }
}
