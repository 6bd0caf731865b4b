package clicktide.ingest;

import clicktide.buffer.Outbox;
import clicktide.buffer.ShedCounts;
import clicktide.bus.Addresses;
import clicktide.store.EventLog;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what this process has answered into the log, and tells the log every second that this node
 * lives. Runs in every process that redirects or collects.
 */
public final class ForwardingVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(ForwardingVerticle.class);
  private static final long TICK_MILLIS = 1_000;
  private static final long GOODBYE_SECONDS = 4;

  private final EventLog events;
  private final Outbox outbox;
  private final CircuitBreaker gate = new CircuitBreaker();
  private final List<Forwarder> forwarders;
  private final SpoolDrainer drain;

  public ForwardingVerticle(EventLog events, Outbox outbox) {
    this.events = events;
    this.outbox = outbox;
    var journals = outbox.journals();
    forwarders =
        IntStream.range(0, journals.size())
            .mapToObj(lane -> new Forwarder(lane, journals.get(lane), events, outbox.spool(), gate))
            .toList();
    drain = new SpoolDrainer(events, outbox.spool(), gate);
  }

  @Override
  public Future<?> start() {
    forwarders.forEach(Forwarder::start);
    drain.start();
    Addresses.JOURNAL_READY.consume(vertx, lane -> forwarders.get(lane).hint());
    vertx.setPeriodic(0, TICK_MILLIS, _ -> tick());
    return Future.succeededFuture();
  }

  /** Lets freshness move while nobody clicks, and picks up what a lost hint left behind. */
  private void tick() {
    forwarders.forEach(Forwarder::hint);
    events.tick().onSuccess(_ -> gate.open()).onFailure(gate::shut);
    outbox.shedCounts().forEach(this::report);
  }

  private void report(ShedCounts counts) {
    var shed = counts.unreported();
    if (!shed.isEmpty() && gate.isOpen()) {
      events.report(shed).onSuccess(_ -> counts.reported(shed));
    }
  }

  @Override
  public Future<?> stop() {
    return vertx
        .executeBlocking(
            () -> {
              forwarders.forEach(Forwarder::close);
              drain.close();
              return null;
            },
            false)
        .compose(_ -> goodbye());
  }

  /** So that nobody waits for a node that has nothing under way. */
  private Future<Void> goodbye() {
    return events
        .tick() // perhaps one that was on its way
        .compose(
            _ -> {
              outbox.leave();
              return events.tick();
            })
        .timeout(GOODBYE_SECONDS, TimeUnit.SECONDS)
        .otherwise(
            failure -> {
              log.warn("The log did not hear that this node leaves: {}", failure.toString());
              return null;
            });
  }
}
