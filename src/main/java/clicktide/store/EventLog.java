package clicktide.store;

import clicktide.wire.EncodedEvent;
import io.vertx.core.Future;
import java.util.List;

/** The durable, partitioned log of all events: the source of truth. */
public interface EventLog {
  /**
   * Succeeds when the log has all events durably (acks=all), in the partitions of their identities.
   * After a failure some may be missing. Appending them again is harmless.
   */
  Future<Void> append(List<EncodedEvent> events);

  /** Sends the heartbeat of this node to every partition. */
  Future<Void> tick();
}
