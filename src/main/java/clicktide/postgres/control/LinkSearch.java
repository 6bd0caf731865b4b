package clicktide.postgres.control;

import clicktide.link.Link;
import clicktide.postgres.NamedSql;
import clicktide.store.Links;
import clicktide.store.Links.LinkListing;
import clicktide.store.Links.Search;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.Optional;

/** Lists links of an owner. Each call reads a bounded number of links, newest first. */
final class LinkSearch {
  private static final NamedSql LIST =
      NamedSql.of(
          """
      SELECT * FROM (
        SELECT * FROM link WHERE owner = :owner AND id < :before ORDER BY id DESC LIMIT :scanned) newest
      WHERE state <> 'DELETED'
        AND (:text::text IS NULL OR strpos(lower(concat_ws(' ', code, title, destination)), lower(:text)) > 0)
        AND tags @> :tags AND (:state::text IS NULL OR state = :state)
        AND (:domain::text IS NULL OR split_part(code, '@', 2) = :domain)
        AND left(code, 1) NOT IN ('@', '*') -- pages of domains
      ORDER BY id DESC LIMIT :limit""");

  /** Finds the last link that LIST has read; none if it has read all. */
  private static final NamedSql LAST_SCANNED =
      NamedSql.of(
          "SELECT id FROM link WHERE owner = :owner AND id < :before ORDER BY id DESC OFFSET :scanned - 1 LIMIT 1");

  private LinkSearch() {}

  static Future<LinkListing> list(Pool pool, Search search, int limit) {
    return LIST.with("owner", search.owner().number())
        .with("before", search.before())
        .with("text", search.text().orElse(null))
        .with("tags", search.tags().toArray(String[]::new))
        .with("state", search.state().map(Link.State::name).orElse(null))
        .with("domain", search.domain().orElse(null))
        .with("scanned", Links.MAX_SCANNED)
        .with("limit", limit + 1)
        .on(pool)
        .map(rows -> LinkListing.of(LinkRows.all(rows), limit))
        .compose(
            listing ->
                listing.next().isPresent()
                    ? Future.succeededFuture(listing)
                    : lastScanned(pool, search)
                        .map(last -> new LinkListing(listing.links(), last)));
  }

  private static Future<Optional<Long>> lastScanned(Pool pool, Search search) {
    return LAST_SCANNED
        .with("owner", search.owner().number())
        .with("before", search.before())
        .with("scanned", Links.MAX_SCANNED)
        .on(pool)
        .map(
            rows -> {
              for (var row : rows) {
                return Optional.of(row.getLong("id"));
              }
              return Optional.empty();
            });
  }
}
