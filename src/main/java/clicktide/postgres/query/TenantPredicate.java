package clicktide.postgres.query;

import clicktide.event.OwnerId;
import clicktide.postgres.NamedSql;
import clicktide.postgres.SqlStatement;
import clicktide.store.AnalyticsTarget;
import clicktide.store.Rollups.RollupQuery;
import java.util.Map;

/**
 * The condition that keeps a statement to the rows of one owner, and to those of its links that the
 * query is about. Every statement text says {@code owner = :owner} itself, so that no number of a
 * link leads to the rows of another owner (G17). This type adds the condition on links, and the
 * values of {@code :owner}, {@code :link} and {@code :links}.
 */
record TenantPredicate(LinkChoice links, Map<String, Object> values) {

  /** The condition on links, by the number of links. Each one makes a statement text of its own. */
  enum LinkChoice {
    ONE("link", "AND link = :link", "AND r.link = :link"),
    SOME("link", "AND link = ANY (:links)", "AND r.link = ANY (:links)"),
    /**
     * Base rows are found by their index, which is by link. Links that the database has lost keep
     * their rows. UNION, because the planner then estimates the number of links. Aggregates have
     * rows by owner.
     */
    ALL(
        "owner",
        "",
        """
        AND r.link IN (
          SELECT id FROM link WHERE owner = :owner
          UNION SELECT id FROM lost_link WHERE owner = :owner)""");

    private final String aggregate;
    private final String ofAggregate;
    private final String ofRows;

    LinkChoice(String aggregate, String ofAggregate, String ofRows) {
      this.aggregate = aggregate;
      this.ofAggregate = ofAggregate;
      this.ofRows = ofRows;
    }

    /**
     * Fills in a text: <code>{aggregate}_day</code> is the table {@code link_day} or {@code
     * owner_day}, <code>{and_links}</code> is the condition on an aggregate, and <code>
     * {and_row_links}</code> the condition on base rows {@code r}.
     */
    String in(String sql) {
      return sql.replace("{aggregate}", aggregate)
          .replace("{and_links}", ofAggregate)
          .replace("{and_row_links}", ofRows);
    }
  }

  static TenantPredicate of(RollupQuery query) {
    return query
        .links()
        .map(
            links ->
                of(LinkChoice.SOME, query.target().owner(), "links", links.toArray(Long[]::new)))
        .orElseGet(() -> of(query.target()));
  }

  static TenantPredicate of(AnalyticsTarget target) {
    return switch (target) {
      case AnalyticsTarget.LinkTarget link -> of(LinkChoice.ONE, link.owner(), "link", link.id());
      case AnalyticsTarget.OwnerTarget owner ->
          new TenantPredicate(LinkChoice.ALL, Map.of("owner", owner.owner().number()));
    };
  }

  private static TenantPredicate of(LinkChoice links, OwnerId owner, String name, Object value) {
    return new TenantPredicate(links, Map.of("owner", owner.number(), name, value));
  }

  /** Begins a call with the values of the owner and the links. */
  SqlStatement call(NamedSql sql) {
    var statement = sql.call();
    values.forEach(statement::with);
    return statement;
  }
}
