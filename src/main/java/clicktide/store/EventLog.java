package clicktide.store;

import clicktide.event.ClicksShed;
import clicktide.wire.EncodedClick;
import io.vertx.core.Future;
import java.util.List;

/** The durable, partitioned log of everything that happened: the truth of this product. */
public interface EventLog {
  /**
   * Succeeds when the log has all clicks durably (acks=all), in the partitions of their identities.
   * A failure says that some may be missing, not that all are; appending them again is harmless.
   */
  Future<Void> append(List<EncodedClick> clicks);

  /** The same for what was lost; reporting it again is harmless, too. */
  Future<Void> report(List<ClicksShed> shed);

  /** Tells every partition that this node lives, and what it says of itself. */
  Future<Void> tick();
}
