package clicktide.aggregation;

import clicktide.aggregation.kafka.LogFollower;
import clicktide.postgres.maintenance.DeadLetterShipper;
import clicktide.postgres.maintenance.Refresher;
import clicktide.postgres.maintenance.VisitorKeys;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the log, once for each sink, and keeps the day aggregates and the visitor keys. */
public final class AggregationVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(AggregationVerticle.class);
  private static final long REFRESH_MILLIS = Duration.ofMinutes(5).toMillis();
  private static final long MINUTES_MILLIS = Duration.ofSeconds(10).toMillis();
  private static final long SHIP_MILLIS = Duration.ofSeconds(1).toMillis(); // within 5 s (G10)
  private static final long LONGEST_HOURS = 24; // a backfill of years is refreshed in one go
  private static final long KEYS_MILLIS = Duration.ofHours(1).toMillis();

  private final List<LogFollower> followers;
  private final Refresher refresher;
  private final DeadLetterShipper shipper;
  private final VisitorKeys keys;
  private WorkerExecutor upkeep;
  private WorkerExecutor shipping;

  public AggregationVerticle(
      List<LogFollower> followers,
      Refresher refresher,
      DeadLetterShipper shipper,
      VisitorKeys keys) {
    this.followers = List.copyOf(followers);
    this.refresher = refresher;
    this.shipper = shipper;
    this.keys = keys;
  }

  @Override
  public Future<?> start() {
    upkeep = vertx.createSharedWorkerExecutor("upkeep", 1, LONGEST_HOURS, TimeUnit.HOURS);
    vertx.setPeriodic(
        KEYS_MILLIS, _ -> warn("visitor keys", vertx.executeBlocking(callable(keys::renew))));
    vertx.setPeriodic(0, REFRESH_MILLIS, _ -> keepUp("day aggregates", refresher::refresh));
    sumLater();
    shipping = vertx.createSharedWorkerExecutor("dead letters", 1);
    shipLater();
    return vertx
        .executeBlocking(callable(keys::renew))
        .onSuccess(_ -> followers.forEach(LogFollower::start));
  }

  private interface Work {
    void run() throws Exception;
  }

  private static Callable<Object> callable(Work work) {
    return () -> {
      work.run();
      return null;
    };
  }

  /** One after the other, behind days that may take long. */
  private void sumLater() {
    vertx.setTimer(
        MINUTES_MILLIS,
        _ -> keepUp("quarters of today", refresher::refreshMinutes).onComplete(_ -> sumLater()));
  }

  private void shipLater() {
    vertx.setTimer(
        SHIP_MILLIS,
        _ ->
            warn("dead letters", shipping.executeBlocking(callable(shipper::ship)))
                .onComplete(_ -> shipLater()));
  }

  private Future<?> keepUp(String what, Work work) {
    return warn(what, upkeep.executeBlocking(callable(work), false));
  }

  private static Future<?> warn(String what, Future<?> done) {
    return done.onFailure(
        failure -> log.warn("The {} are tried again later: {}", what, failure.toString()));
  }

  @Override
  public Future<?> stop() {
    return vertx
        .executeBlocking(callable(() -> followers.forEach(LogFollower::close)), false)
        .eventually(() -> shipping.executeBlocking(callable(shipper::close)));
  }
}
