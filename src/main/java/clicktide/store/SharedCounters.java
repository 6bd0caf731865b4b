package clicktide.store;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** The counters of limits that all processes of an installation share. */
public interface SharedCounters {
  /**
   * The uses of a key by this process in one window. {@code window} is empty until the process has
   * joined a window; {@code millis} is the time until the window ends.
   */
  record OwnUses(String key, Optional<String> window, int uses, long millis) {}

  /** The open window of a key, the uses of all other processes, and the time until it ends. */
  record OtherUses(String window, long uses, long millis) {}

  /**
   * Keeps the uses of this process, which replace its earlier ones in the same window, and returns
   * those of the others in the same order. Uses of a window that has ended are not kept. A second
   * call changes nothing. Fails if the store does not answer.
   */
  Future<List<OtherUses>> exchange(String limit, List<OwnUses> own);
}
