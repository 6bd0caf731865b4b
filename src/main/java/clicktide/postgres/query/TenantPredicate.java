package clicktide.postgres.query;

import clicktide.store.AnalyticsTarget;
import clicktide.store.Rollups.RollupQuery;
import java.util.stream.LongStream;

/**
 * Whose rows a statement reads: the begin of the names of its aggregates, the condition on a row of
 * these, the condition on base rows {@code r}, and the first parameter, on which both depend: the
 * owner, and behind it the links. Every condition names the owner, so that no number of a link
 * leads to somebody else's rows (G17).
 */
record TenantPredicate(String aggregates, String ofAggregates, String ofRows, Object parameter) {
  private static final String OWNER = "($1::bigint[])[1]";
  private static final String OF_LINK = "%1$slink = ($1::bigint[])[2] AND %1$sowner = " + OWNER;
  private static final String OF_LINKS =
      "%1$slink = ANY (($1::bigint[])[2:]) AND %1$sowner = " + OWNER;

  /** By the index, which is by link. */
  private static final String ROWS_OF_OWNER =
      "r.owner = %1$s AND r.link IN (SELECT id FROM link WHERE owner = %1$s)".formatted(OWNER);

  static TenantPredicate of(RollupQuery question) {
    return question
        .only()
        .map(
            links ->
                of(
                    OF_LINKS,
                    LongStream.concat(
                        LongStream.of(question.whose().owner().number()),
                        links.stream().mapToLong(Long::longValue))))
        .orElseGet(() -> of(question.whose()));
  }

  static TenantPredicate of(AnalyticsTarget whose) {
    return switch (whose) {
      case AnalyticsTarget.Link link ->
          of(OF_LINK, LongStream.of(link.owner().number(), link.id()));
      case AnalyticsTarget.Owner owner ->
          new TenantPredicate(
              "owner", "owner = " + OWNER, ROWS_OF_OWNER, new Long[] {owner.owner().number()});
    };
  }

  private static TenantPredicate of(String condition, LongStream ownerAndLinks) {
    return new TenantPredicate(
        "link",
        condition.formatted(""),
        condition.formatted("r."),
        ownerAndLinks.boxed().toArray(Long[]::new));
  }
}
