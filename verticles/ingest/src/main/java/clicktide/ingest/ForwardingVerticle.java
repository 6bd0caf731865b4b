package clicktide.ingest;

import clicktide.buffer.Outbox;
import clicktide.buffer.ShedCounts;
import clicktide.bus.Addresses;
import clicktide.store.EventLog;
import clicktide.time.TimeSource;
import clicktide.wire.EncodedEvent;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forwards the clicks of this process to the log, and sends a heartbeat to the log every second. It
 * runs in every process that redirects or collects.
 */
public final class ForwardingVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(ForwardingVerticle.class);
  private static final long TICK_MILLIS = 1_000;
  private static final long LEAVE_SECONDS = 4;

  private final EventLog events;
  private final Outbox outbox;
  private final CircuitBreaker breaker = new CircuitBreaker();
  private final List<Forwarder> forwarders;
  private final SpoolDrainer drainer;

  public ForwardingVerticle(EventLog events, Outbox outbox, TimeSource time) {
    this.events = events;
    this.outbox = outbox;
    var journals = outbox.journals();
    forwarders =
        IntStream.range(0, journals.size())
            .mapToObj(
                lane -> new Forwarder(lane, journals.get(lane), events, outbox.spool(), breaker))
            .toList();
    drainer = new SpoolDrainer(events, outbox.spool(), breaker, time);
  }

  @Override
  public Future<?> start() {
    forwarders.forEach(Forwarder::start);
    drainer.start();
    Addresses.JOURNAL_READY.consume(vertx, lane -> forwarders.get(lane).wakeUp());
    vertx.setPeriodic(0, TICK_MILLIS, _ -> tick());
    return Future.succeededFuture();
  }

  /** Moves the watermark while there are no clicks, and makes up for lost wake-ups. */
  private void tick() {
    forwarders.forEach(Forwarder::wakeUp);
    events.tick().onSuccess(_ -> breaker.reset()).onFailure(breaker::trip);
    outbox.shedCounts().forEach(this::report);
  }

  private void report(ShedCounts counts) {
    var shed = counts.unreported();
    if (!shed.isEmpty() && breaker.allowsCalls()) {
      events
          .append(shed.stream().map(EncodedEvent::of).toList())
          .onSuccess(_ -> counts.reported(shed));
    }
  }

  @Override
  public Future<?> stop() {
    return vertx
        .executeBlocking(
            () -> {
              forwarders.forEach(Forwarder::close);
              drainer.close();
              return null;
            },
            false)
        .compose(_ -> leave());
  }

  /** Tells the log that no click is under way, so no watermark waits for this node. */
  private Future<Void> leave() {
    return events
        .tick() // returns a tick that is under way
        .compose(
            _ -> {
              outbox.leave();
              return events.tick();
            })
        .timeout(LEAVE_SECONDS, TimeUnit.SECONDS)
        .otherwise(
            failure -> {
              log.warn(
                  "The last heartbeat of this node did not reach the log: {}", failure.toString());
              return null;
            });
  }
}
