package clicktide.store;

import clicktide.event.DeadLetter;
import java.util.List;

/** Where dead letters go. */
public interface DeadLetters {
  /** Keeps nothing. For a follower of records whose dead letters another follower keeps. */
  DeadLetters DISCARD = _ -> {};

  /** Returns when all are kept durably; throws if that cannot be said. Blocks. */
  void keep(List<DeadLetter> letters);
}
