package clicktide.postgres.control;

import clicktide.link.Link;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** The columns of a link that its owner decides: their names, their types, and their values. */
final class LinkColumns {
  private static final List<String> ALL =
      List.of(
          "destination text",
          "status smallint",
          "state text",
          "tracking text",
          "starts_at timestamptz",
          "expires_at timestamptz",
          "forwards_query boolean",
          "title text",
          "tags text[]",
          "external_id text",
          "click_limit bigint");

  /** The names, as an INSERT, an UPDATE or a SELECT lists them. */
  static final String NAMES =
      ALL.stream()
          .map(column -> column.substring(0, column.indexOf(' ')))
          .collect(Collectors.joining(", "));

  /** The names with their types, as {@code jsonb_to_record} wants them. */
  static final String TYPED = String.join(", ", ALL);

  private LinkColumns() {}

  /** The values by column. */
  static JsonObject of(Link.Rules rules, Link.Notes notes) {
    return new JsonObject()
        .put("destination", rules.destination())
        .put("status", rules.status())
        .put("state", rules.state().name())
        .put("tracking", rules.tracking().name())
        .put("starts_at", rules.startsAt().map(Instant::toString).orElse(null))
        .put("expires_at", rules.expiresAt().map(Instant::toString).orElse(null))
        .put("forwards_query", rules.forwardsQuery())
        .put("title", notes.title().orElse(null))
        .put("tags", new JsonArray(notes.tags()))
        .put("external_id", notes.externalId().orElse(null))
        .put("click_limit", notes.clickLimit().orElse(null));
  }
}
