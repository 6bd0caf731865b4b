package clicktide.deploy;

import clicktide.event.ClicksShed;
import clicktide.kafka.KafkaEventLog;
import clicktide.store.EventLog;
import clicktide.store.Unavailable;
import clicktide.wire.EncodedClick;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The log for those who begin before it is there: until then it takes nothing. */
final class DeferredEventLog implements EventLog {
  private volatile Optional<KafkaEventLog> log = Optional.empty();

  void came(KafkaEventLog there) {
    log = Optional.of(there);
  }

  @Override
  public Future<Void> append(List<EncodedClick> clicks) {
    return with(there -> there.append(clicks));
  }

  @Override
  public Future<Void> report(List<ClicksShed> shed) {
    return with(there -> there.report(shed));
  }

  @Override
  public Future<Void> tick() {
    return with(KafkaEventLog::tick);
  }

  /** What came of the newest tick: whether the log takes anything now. */
  Future<Void> lastTick() {
    return with(KafkaEventLog::lastTick);
  }

  /** Sends what is waiting. */
  Future<Void> close() {
    return log.map(KafkaEventLog::close).orElseGet(Future::succeededFuture);
  }

  private Future<Void> with(Function<KafkaEventLog, Future<Void>> work) {
    return log.map(work)
        .orElseGet(() -> Future.failedFuture(new Unavailable("the log was not reached yet")));
  }
}
