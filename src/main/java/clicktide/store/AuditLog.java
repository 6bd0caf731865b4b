package clicktide.store;

import clicktide.event.OwnerId;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;

/** Who changed what of an owner's links, keys and settings; kept by the change itself (E10). */
public interface AuditLog {
  /**
   * One change. {@code actor} is the prefix of a key, {@code administrator} or {@code clicktide};
   * {@code changes} has for each field what it was and what it is.
   */
  record Entry(
      long id, Instant at, String actor, String action, String subject, JsonNode changes) {}

  /** Newest first, with ids below {@code before}. */
  Future<List<Entry>> entries(OwnerId owner, long before, int limit);
}
