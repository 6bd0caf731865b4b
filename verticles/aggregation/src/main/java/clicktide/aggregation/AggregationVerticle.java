package clicktide.aggregation;

import clicktide.aggregation.kafka.LogPass;
import clicktide.enrich.UserAgents;
import clicktide.postgres.maintenance.DeadLetterShipper;
import clicktide.postgres.maintenance.Refresher;
import clicktide.postgres.maintenance.VisitorKeys;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life cycle of the aggregation. It runs the pass over the log, and periodically the sums of
 * days and quarters, the visitor keys and the shipping of dead letters.
 */
public final class AggregationVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(AggregationVerticle.class);
  private static final long REFRESH_MILLIS = Duration.ofMinutes(5).toMillis();
  private static final long MINUTES_MILLIS = Duration.ofSeconds(10).toMillis();
  private static final long SHIP_MILLIS = Duration.ofSeconds(1).toMillis(); // within 5 s (G10)
  private static final long MAX_HOURS = 24; // one refresh can be a backfill of years
  private static final long KEYS_MILLIS = Duration.ofHours(1).toMillis();

  private final LogPass pass;
  private final Refresher refresher;
  private final DeadLetterShipper shipper;
  private final VisitorKeys keys;
  private WorkerExecutor maintenance;
  private WorkerExecutor shipping;

  public AggregationVerticle(
      LogPass pass, Refresher refresher, DeadLetterShipper shipper, VisitorKeys keys) {
    this.pass = pass;
    this.refresher = refresher;
    this.shipper = shipper;
    this.keys = keys;
  }

  @Override
  public Future<?> start() {
    maintenance = vertx.createSharedWorkerExecutor("maintenance", 1, MAX_HOURS, TimeUnit.HOURS);
    vertx.setPeriodic(KEYS_MILLIS, _ -> renewKeys());
    vertx.setPeriodic(0, REFRESH_MILLIS, _ -> maintain("day aggregates", refresher::refresh));
    sumLater();
    shipping = vertx.createSharedWorkerExecutor("dead letters", 1);
    shipLater();
    return firstKeys()
        .compose(_ -> Future.fromCompletionStage(UserAgents.loadRules(), context))
        .onSuccess(_ -> pass.start());
  }

  /** Tries until PostgreSQL answers, because the pass needs the keys. */
  private Future<Object> firstKeys() {
    return renewKeys().recover(_ -> vertx.timer(1, TimeUnit.SECONDS).compose(_ -> firstKeys()));
  }

  private Future<Object> renewKeys() {
    return warn("visitor keys", vertx.executeBlocking(callable(keys::renew)));
  }

  private interface Task {
    void run() throws Exception;
  }

  private static Callable<Object> callable(Task task) {
    return () -> {
      task.run();
      return null;
    };
  }

  /** Sums after the last sum has ended, because a refresh of days can take hours. */
  private void sumLater() {
    vertx.setTimer(
        MINUTES_MILLIS,
        _ -> maintain("quarters of today", refresher::refreshMinutes).onComplete(_ -> sumLater()));
  }

  private void shipLater() {
    vertx.setTimer(
        SHIP_MILLIS,
        _ ->
            warn("dead letters", shipping.executeBlocking(callable(shipper::ship)))
                .onComplete(_ -> shipLater()));
  }

  private Future<?> maintain(String subject, Task task) {
    return warn(subject, maintenance.executeBlocking(callable(task), false));
  }

  private static <T> Future<T> warn(String subject, Future<T> done) {
    return done.onFailure(
        failure ->
            log.warn("The {} failed and are tried again later: {}", subject, failure.toString()));
  }

  @Override
  public Future<?> stop() {
    return vertx
        .executeBlocking(callable(pass::close), false)
        .eventually(() -> shipping.executeBlocking(callable(shipper::close)));
  }
}
