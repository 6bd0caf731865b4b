package clicktide.deploy;

import clicktide.kafka.KafkaEventLog;
import clicktide.store.EventLog;
import clicktide.store.Unavailable;
import clicktide.wire.EncodedEvent;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** An event log for parts that start before Kafka is reached. Until then every call fails. */
final class DeferredEventLog implements EventLog {
  private volatile Optional<KafkaEventLog> log = Optional.empty();

  /** Forwards all later calls. */
  void connect(KafkaEventLog connected) {
    log = Optional.of(connected);
  }

  @Override
  public Future<Void> append(List<EncodedEvent> events) {
    return with(connected -> connected.append(events));
  }

  @Override
  public Future<Void> tick() {
    return with(KafkaEventLog::tick);
  }

  /** Returns the outcome of the newest tick; a failure means that the log accepts nothing now. */
  Future<Void> lastTick() {
    return with(KafkaEventLog::lastTick);
  }

  /** Sends the events that are still under way. */
  Future<Void> close() {
    return log.map(KafkaEventLog::close).orElseGet(Future::succeededFuture);
  }

  private Future<Void> with(Function<KafkaEventLog, Future<Void>> work) {
    return log.map(work)
        .orElseGet(() -> Future.failedFuture(new Unavailable("Kafka was not reached yet")));
  }
}
