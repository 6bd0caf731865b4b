package clicktide.query;

import clicktide.count.HumanBotCount;
import clicktide.count.LiveTally;
import clicktide.event.Minute;
import clicktide.store.Await;
import clicktide.store.LiveCounts;
import clicktide.store.Rollups;
import clicktide.store.Rollups.CountKey;
import clicktide.time.TimeSource;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the counts of analytics requests. Each bucket is read from one store: minutes of the hot
 * hour from the live counts, all others from the rollups. For threads that may wait.
 */
final class AnalyticsReader {
  private final LiveCounts live;
  private final RollupCache rollups;

  AnalyticsReader(LiveCounts live, Rollups rollups, TimeSource time) {
    this.live = live;
    this.rollups = new RollupCache(rollups, time);
  }

  /** The counts of a request and the stores that they come from. */
  record Sourced(QueryResult counts, Provenance provenance) {}

  /** {@code written} was read before: the freshness of the rollups and the version of the range. */
  Sourced read(AnalyticsRequest request, Rollups.Written written, Instant now) {
    var bounds = request.bounds();
    var firstHot = firstHot(bounds, now);
    if (!request.isForHotHour() || firstHot == bounds.size() - 1) {
      return fromRollups(request, written, false);
    }
    var from = Minute.of(bounds.get(firstHot));
    var to = Minute.of(bounds.getLast());
    return LiveOrRollup.read(
        () -> Await.on(live.minutes(request.query().target(), from, to)),
        LiveCounts.Snapshot::freshness,
        written.freshness(),
        hot -> merged(request, hot, firstHot, written),
        () -> fromRollups(request, written, true));
  }

  /** Reads a request from the rollups alone. */
  QueryResult fromRollups(AnalyticsRequest request, String version) {
    return rollups.of(request, version);
  }

  private Sourced fromRollups(
      AnalyticsRequest request, Rollups.Written written, boolean isLiveMissing) {
    return new Sourced(
        fromRollups(request, written.version()),
        Provenance.rollup(written.freshness(), isLiveMissing));
  }

  /** Returns the number of the first bucket in the hot hour; that of the last bound if none is. */
  private static int firstHot(List<Instant> bounds, Instant now) {
    var from = Minute.of(now).plus(1 - LiveTally.MINUTES).start();
    var first = 0;
    while (first < bounds.size() - 1 && bounds.get(first).isBefore(from)) {
      first++;
    }
    return first;
  }

  private Sourced merged(
      AnalyticsRequest request, LiveCounts.Snapshot hot, int firstHot, Rollups.Written written) {
    var bounds = request.bounds();
    Map<CountKey, HumanBotCount> clicks = new HashMap<>();
    if (firstHot > 0) {
      var older = request.query().withBounds(List.copyOf(bounds.subList(0, firstHot + 1)));
      clicks.putAll(rollups.of(request.with(older), written.version()).clicks());
    }
    var minutes = hot.sums();
    for (var bucket = firstHot; bucket < bounds.size() - 1; bucket++) {
      var count = minutes.get(Minute.of(bounds.get(bucket)));
      if (count != null) {
        clicks.put(new CountKey(bucket, List.of()), count);
      }
    }
    var provenance = Provenance.live(hot.freshness().without(written.freshness().gone()));
    return new Sourced(
        new QueryResult(clicks, Map.of(), Map.of()),
        firstHot > 0 ? provenance.and(written.freshness()) : provenance);
  }
}
