package clicktide.log;

import clicktide.event.Event;
import io.vertx.core.Future;
import java.util.List;

/** The durable, partitioned log of everything that happened: the truth of this product. */
public interface EventLog {
  /**
   * Succeeds when the log has all events durably (acks=all), in the partitions of their identities.
   * A failure says that some may be missing, not that all are; appending them again is harmless.
   */
  Future<Void> append(List<? extends Event> events);

  /** Tells every partition that this node lives and which of its clicks is the oldest open one. */
  Future<Void> tick();
}
