package clicktide.store;

import clicktide.event.OwnerId;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;

/** The changes of an owner's links, keys and settings, written by the change itself (E10). */
public interface AuditLog {
  /**
   * A change. {@code actor} is the prefix of a key, {@code administrator} or {@code clicktide}.
   * {@code changes} has the old and the new value of each field.
   */
  record AuditEntry(
      long id, Instant at, String actor, String action, String subject, JsonNode changes) {}

  /** Lists entries with ids below {@code before}, the newest first. */
  Future<List<AuditEntry>> entries(OwnerId owner, long before, int limit);
}
