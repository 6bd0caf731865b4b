package clicktide.query;

import clicktide.event.Minute;
import clicktide.event.OwnerId;
import clicktide.store.AnalyticsTarget;
import clicktide.store.LiveCounts;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** An empty store of live counts, which counts its reads. */
final class EmptyLiveCounts implements LiveCounts {
  final AtomicInteger reads = new AtomicInteger();

  @Override
  public Future<Snapshot> link(AnalyticsTarget.LinkTarget link, Minute from, Minute to) {
    reads.incrementAndGet();
    return Future.succeededFuture(new Snapshot(List.of(), Map.of()));
  }

  @Override
  public Future<Snapshot> owner(OwnerId owner, Minute from, Minute to) {
    return link(new AnalyticsTarget.LinkTarget(0, owner), from, to);
  }

  @Override
  public Future<Hour> hour(OwnerId owner, Minute first, int limit) {
    return Future.failedFuture("not used");
  }
}
