package clicktide.store;

/** Something that is needed does not answer; the caller may try again shortly. */
public final class Unavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public Unavailable(String message) {
    super(message);
  }

  Unavailable(Throwable cause) {
    super("A store does not answer: " + cause, cause);
  }
}
