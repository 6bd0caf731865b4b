package clicktide.store;

import io.vertx.core.Future;
import java.time.Instant;

/** Reads the ledger: what became of every event (rule 6). Answers come from one snapshot. */
public interface LedgerReader {
  /**
   * Sums of a range by event time. {@code received} was counted on its own, when events were read;
   * {@code rejected} are in the dead letters. {@code shed} was lost before it was logged; {@code
   * unattributed} was lost, too, and nobody knows of which link it was.
   */
  record Entry(
      long received,
      long counted,
      long duplicate,
      Filtered filtered,
      long rejected,
      long shed,
      long unattributed) {}

  /**
   * What owners did not want counted: clicks from their own networks, and of links that are not
   * tracked.
   */
  record Filtered(long ownTraffic, long trackingOff) {
    public static final Filtered NONE = new Filtered(0, 0);
  }

  /** The sums of [from, to). */
  Future<Entry> entry(AnalyticsTarget whose, Instant from, Instant to);

  /** What was lost of these clicks, and what of somebody's, perhaps of these. */
  record Loss(long shed, long unattributed) {}

  /** The losses of [from, to), without looking at what was counted. */
  Future<Loss> loss(AnalyticsTarget whose, Instant from, Instant to);
}
