package clicktide.store;

import clicktide.event.DeadLetter;
import java.util.List;

/** Where dead letters go. */
public interface DeadLetters {
  /** Returns when all are kept durably; throws if that cannot be said. Blocks. */
  void keep(List<DeadLetter> letters);
}
