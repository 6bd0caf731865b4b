package clicktide.query;

import clicktide.count.HumanBotCount;
import clicktide.event.OwnerId;
import clicktide.store.Freshness;
import clicktide.store.Rollups;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ObjLongConsumer;

/** Rollups without clicks, which count the reads. */
class MemoryRollups implements Rollups {
  final AtomicInteger reads = new AtomicInteger();

  @Override
  public Future<Result<Map<CountKey, HumanBotCount>>> clicks(RollupQuery query) {
    reads.incrementAndGet();
    return Future.succeededFuture(new Result.Complete<>(Map.of()));
  }

  @Override
  public Future<Void> visitors(RollupQuery query, ObjLongConsumer<CountKey> visitor) {
    return Future.succeededFuture();
  }

  @Override
  public Future<List<TopLink>> topLinks(OwnerId owner, Instant from, Instant to, int limit) {
    return Future.succeededFuture(List.of());
  }

  @Override
  public Future<Result<List<Long>>> tagged(OwnerId owner, List<String> tags) {
    return Future.succeededFuture(new Result.Complete<>(List.of()));
  }

  @Override
  public Future<Optional<Instant>> first(OwnerId owner) {
    return Future.succeededFuture(Optional.empty());
  }

  @Override
  public Future<Freshness> freshness() {
    return Future.failedFuture("not used");
  }

  @Override
  public Future<Written> written(Instant from, Instant to) {
    return Future.failedFuture("not used");
  }
}
