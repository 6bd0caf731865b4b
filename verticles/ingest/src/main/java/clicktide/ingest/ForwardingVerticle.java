package clicktide.ingest;

import clicktide.bus.Addresses;
import clicktide.log.EventLog;
import clicktide.log.Journal;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the journals of this process into the log, and tells the log every second that this node
 * lives. Runs in every process that redirects or collects.
 */
public final class ForwardingVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(ForwardingVerticle.class);
  private static final long TICK_MILLIS = 1_000;

  private final EventLog events;
  private final List<Forwarder> forwarders;

  public ForwardingVerticle(EventLog events, List<Journal> journals) {
    this.events = events;
    forwarders =
        IntStream.range(0, journals.size())
            .mapToObj(lane -> new Forwarder(lane, journals.get(lane), events))
            .toList();
  }

  @Override
  public Future<?> start() {
    forwarders.forEach(Forwarder::start);
    Addresses.HITS.consume(vertx, lane -> forwarders.get(lane).hint());
    vertx.setPeriodic(TICK_MILLIS, _ -> tick());
    return events.tick();
  }

  /** Lets freshness move while nobody clicks, and picks up what a lost hint left behind. */
  private void tick() {
    forwarders.forEach(Forwarder::hint);
    events.tick().onFailure(failure -> log.warn("The log takes no tick: {}", failure.toString()));
  }

  @Override
  public Future<?> stop() {
    return vertx.executeBlocking(
        () -> {
          forwarders.forEach(Forwarder::close);
          return null;
        },
        false);
  }
}
