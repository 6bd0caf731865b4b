package clicktide.store;

import io.vertx.core.Future;
import java.time.Instant;

/** The ledger: what became of every event (rule 6). Each read sees one snapshot of the store. */
public interface LedgerReader {
  /**
   * The sums of a range by event time. {@code received} is counted independently, when events are
   * read from the log. {@code rejected} events are dead letters. {@code shed} clicks were lost
   * before they were logged; {@code unattributed} are lost clicks of an unknown link.
   */
  record LedgerEntry(
      long received,
      long counted,
      long duplicate,
      Filtered filtered,
      long rejected,
      long shed,
      long unattributed) {}

  /** Clicks that owners exclude: from their own networks, and of links without tracking. */
  record Filtered(long ownTraffic, long trackingOff) {
    public static final Filtered NONE = new Filtered(0, 0);
  }

  /** Reads the sums of [from, to). */
  Future<LedgerEntry> entry(AnalyticsTarget target, Instant from, Instant to);

  /** Lost clicks of a target, and lost clicks of an unknown link, which may be of the target. */
  record Loss(long shed, long unattributed) {}

  /** Reads the losses of [from, to) alone, which is cheaper than the whole entry. */
  Future<Loss> loss(AnalyticsTarget target, Instant from, Instant to);
}
