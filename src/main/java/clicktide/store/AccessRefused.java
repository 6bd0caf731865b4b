package clicktide.store;

/**
 * A store refuses this process: a login or a permission is wrong. The message is a sentence for the
 * operator.
 */
public final class AccessRefused extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  public AccessRefused(String message, Throwable cause) {
    super(message, cause);
  }
}
