package clicktide.store;

import clicktide.enrich.Dimension;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;

/**
 * The newest clicks one by one, enriched, without address and user agent. They are kept for a day
 * after the newest click of a link or an owner. A click is listed until the end of the next UTC
 * day, and longer while newer clicks have the same values. It may be left out earlier if a
 * partition has more than 50,000 different values on a day. A store that was emptied gets those of
 * the last hour back.
 */
public interface RecentClicks {
  /** The maximum number of clicks that are kept for a link. */
  int OF_LINK = 100;

  /** The maximum number of clicks that are kept for an owner. */
  int OF_OWNER = 1_000;

  /** A click. Its values are in the order of {@link Dimension}, an empty one if there is none. */
  record RecentClick(Instant at, String code, List<String> values) {}

  /** Reads up to {@code limit} clicks, the newest first. */
  Future<List<RecentClick>> newest(AnalyticsTarget target, int limit);

  /** Returns the maximum number of clicks that are kept for a target. */
  static int most(AnalyticsTarget target) {
    return switch (target) {
      case AnalyticsTarget.LinkTarget _ -> OF_LINK;
      case AnalyticsTarget.OwnerTarget _ -> OF_OWNER;
    };
  }
}
