package clicktide.store;

import clicktide.event.DeadLetter;
import java.util.List;

/** The store of dead letters. */
public interface DeadLetters {
  /** Keeps nothing. For a follower of records whose dead letters another follower keeps. */
  DeadLetters DISCARD = _ -> {};

  /** Returns when all are kept durably, and throws if that is not certain. Blocks. */
  void keep(List<DeadLetter> deadLetters);
}
