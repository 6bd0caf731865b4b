package clicktide.postgres.control;

import clicktide.event.OwnerId;
import clicktide.link.Link;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Links as rows of their table, and back. */
final class LinkRows {
  private LinkRows() {}

  static Tuple with(Tuple values, Link.Rules rules, Link.Notes notes) {
    return values
        .addValue(rules.destination())
        .addValue(rules.status())
        .addValue(rules.state().name())
        .addValue(rules.tracking().name())
        .addValue(time(rules.startsAt()))
        .addValue(time(rules.expiresAt()))
        .addValue(rules.forwardsQuery())
        .addValue(notes.title().orElse(null))
        .addValue(notes.tags().toArray(String[]::new))
        .addValue(notes.externalId().orElse(null))
        .addValue(notes.clickLimit().orElse(null));
  }

  static Optional<Link> first(RowSet<Row> rows) {
    var row = rows.iterator();
    return row.hasNext() ? Optional.of(link(row.next())) : Optional.empty();
  }

  static List<Link> all(RowSet<Row> rows) {
    var links = new ArrayList<Link>();
    rows.forEach(row -> links.add(link(row)));
    return links;
  }

  static Link link(Row row) {
    return new Link(
        row.getLong("id"),
        row.getString("code"),
        new OwnerId(row.getLong("owner")),
        new Link.Rules(
            row.getString("destination"),
            row.getInteger("status"),
            Link.State.valueOf(row.getString("state")),
            Link.Tracking.valueOf(row.getString("tracking")),
            Optional.ofNullable(row.getOffsetDateTime("starts_at")).map(OffsetDateTime::toInstant),
            Optional.ofNullable(row.getOffsetDateTime("expires_at")).map(OffsetDateTime::toInstant),
            row.getBoolean("forwards_query")),
        new Link.Notes(
            Optional.ofNullable(row.getString("title")),
            List.of(row.getArrayOfStrings("tags")),
            Optional.ofNullable(row.getString("external_id")),
            Optional.ofNullable(row.getLong("click_limit"))),
        row.getInteger("version"),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getOffsetDateTime("updated_at").toInstant());
  }

  private static OffsetDateTime time(Optional<Instant> instant) {
    return instant.map(at -> at.atOffset(ZoneOffset.UTC)).orElse(null);
  }
}
