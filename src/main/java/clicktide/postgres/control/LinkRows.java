package clicktide.postgres.control;

import clicktide.event.OwnerId;
import clicktide.link.Code;
import clicktide.link.Domain;
import clicktide.link.Link;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Reads links and domains from rows of the table of links. */
final class LinkRows {
  private LinkRows() {}

  static Optional<Link> first(RowSet<Row> rows) {
    var row = rows.iterator();
    return row.hasNext() ? Optional.of(link(row.next())) : Optional.empty();
  }

  static List<Link> all(RowSet<Row> rows) {
    var links = new ArrayList<Link>();
    rows.forEach(row -> links.add(link(row)));
    return links;
  }

  /** Domains from the rows of their pages, in the order of the rows. */
  static List<Domain> domains(RowSet<Row> rows) {
    var pages = new LinkedHashMap<String, List<Link>>();
    for (var page : all(rows)) {
      var name = Code.domain(page.code()).orElseThrow();
      pages.computeIfAbsent(name, _ -> new ArrayList<>()).add(page);
    }
    var domains = new ArrayList<Domain>();
    pages.forEach((name, links) -> Domain.of(name, links).ifPresent(domains::add));
    return domains;
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
}
