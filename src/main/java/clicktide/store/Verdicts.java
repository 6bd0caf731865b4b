package clicktide.store;

import clicktide.event.Verdict;
import java.util.List;

/** The channel of verdicts to the sinks that count clicks. */
public interface Verdicts {
  /** Returns when all are kept. Publishing the same verdicts again is harmless. */
  void publish(List<Verdict> verdicts);
}
