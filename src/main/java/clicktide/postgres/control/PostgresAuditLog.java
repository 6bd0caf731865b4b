package clicktide.postgres.control;

import clicktide.event.OwnerId;
import clicktide.postgres.NamedSql;
import clicktide.store.AuditLog;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;

/** The audit log in PostgreSQL. Triggers of the tables write it. */
public final class PostgresAuditLog implements AuditLog {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final NamedSql ENTRIES =
      NamedSql.of(
          """
      SELECT id, at, actor, action, subject, changes::text AS changes FROM audit
      WHERE owner = :owner AND id < :before ORDER BY id DESC LIMIT :limit""");

  private final Pool pool;

  public PostgresAuditLog(Pool pool) {
    this.pool = pool;
  }

  @Override
  public Future<List<AuditEntry>> entries(OwnerId owner, long before, int limit) {
    return ENTRIES
        .with("owner", owner.number())
        .with("before", before)
        .with("limit", limit)
        .on(pool)
        .map(
            rows -> {
              var entries = new ArrayList<AuditEntry>();
              rows.forEach(row -> entries.add(entry(row)));
              return entries;
            });
  }

  private static AuditEntry entry(Row row) {
    return new AuditEntry(
        row.getLong("id"),
        row.getOffsetDateTime("at").toInstant(),
        row.getString("actor"),
        row.getString("action"),
        row.getString("subject"),
        json(row.getString("changes")));
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a jsonb column must be JSON", e);
    }
  }
}
