package clicktide.store;

import clicktide.event.Verdict;
import java.util.List;

/** Takes judgements about clicks to where whoever counts hears of them. */
public interface Verdicts {
  /** Returns when all are kept; the same ones may be published again. */
  void publish(List<Verdict> verdicts);
}
