package clicktide.store;

import clicktide.count.Dimension;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;

/**
 * The newest clicks one by one, enriched, without address and user agent. They are kept for a day
 * after the newest of a link or an owner, and for an hour when the store was emptied.
 */
public interface RecentClicks {
  /** So many are kept of a link. */
  int OF_LINK = 100;

  /** So many are kept of an owner. */
  int OF_OWNER = 1_000;

  /** A click: values are in the order of {@link Dimension}. */
  record Seen(Instant at, String code, List<String> values) {}

  /** Newest first. */
  Future<List<Seen>> newest(AnalyticsTarget whose, int limit);

  /** How many are kept at most. */
  static int most(AnalyticsTarget whose) {
    return switch (whose) {
      case AnalyticsTarget.LinkTarget _ -> OF_LINK;
      case AnalyticsTarget.OwnerTarget _ -> OF_OWNER;
    };
  }
}
