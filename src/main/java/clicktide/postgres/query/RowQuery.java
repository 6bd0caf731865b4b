package clicktide.postgres.query;

import clicktide.enrich.Dimension;
import clicktide.enrich.Traffic;
import clicktide.postgres.NamedSql;
import clicktide.postgres.SqlStatement;
import clicktide.store.Rollups.RollupQuery;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The statements that read base rows, for a breakdown, a filter or bounds within a quarter. Column
 * names in their texts come from {@link Dimension} alone; values of users are parameters.
 * Dimensions and filters can be combined freely, so there is a text for each combination.
 */
final class RowQuery {
  /** {@code values} are texts, {@code columns} the numbers that base rows have instead. */
  private static final String CLICKS =
      """
      SELECT q.bucket, q.human, q.bot {values} FROM (
        SELECT width_bucket(minute, :bounds) AS bucket {columns}, sum(human)::bigint AS human, sum(bot)::bigint AS bot
        FROM click_row r
        WHERE r.owner = :owner {and_row_links} AND minute >= :from AND minute < :to {and_filters}
        GROUP BY 1 {columns} LIMIT :limit) q
      {joins}""";

  private static final String VISITORS =
      """
      SELECT q.bucket, q.visitors {values} FROM (
        SELECT width_bucket(minute, :bounds) AS bucket, visitors {columns}
        FROM click_row r
        WHERE r.owner = :owner {and_row_links} AND minute >= :from AND minute < :to {and_filters}) q
      {joins}""";

  /** Texts that are in use: to translate one takes about 35 µs. */
  private static final Cache<String, NamedSql> TEXTS =
      Caffeine.newBuilder().maximumSize(1_000).executor(Runnable::run).build();

  private RowQuery() {}

  /** {@code ids} are the numbers of the values of each filter; {@code limit} bounds the rows. */
  static SqlStatement clicks(RollupQuery query, List<Integer[]> ids, int limit) {
    return of(query, CLICKS, ids).with("limit", limit);
  }

  static SqlStatement visitors(RollupQuery query, List<Integer[]> ids) {
    return of(query, VISITORS, ids);
  }

  private static SqlStatement of(RollupQuery query, String template, List<Integer[]> ids) {
    var tenant = TenantPredicate.of(query);
    var statement =
        tenant
            .call(TEXTS.get(text(query, tenant, template), NamedSql::of))
            .with("bounds", CoverageSql.utc(query.bounds()))
            .with("from", CoverageSql.utc(query.bounds().getFirst()))
            .with("to", CoverageSql.utc(query.bounds().getLast()));
    for (var i = 0; i < ids.size(); i++) {
      statement.with("filter_" + i, ids.get(i));
    }
    return statement;
  }

  private static String text(RollupQuery query, TenantPredicate tenant, String template) {
    var columns = query.dimensions().stream().map(Dimension::column).toList();
    return tenant
        .links()
        .in(template)
        .replace("{values}", each(columns, i -> ", d%d.value".formatted(i)))
        .replace("{columns}", each(columns, i -> ", " + columns.get(i)))
        .replace("{joins}", each(columns, i -> join(i, columns.get(i))))
        .replace(
            "{and_filters}",
            query.traffic().map(RowQuery::condition).orElse("")
                + each(query.filters(), i -> condition(query, i)));
  }

  private static String each(List<?> list, IntFunction<String> text) {
    return IntStream.range(0, list.size()).mapToObj(text).collect(Collectors.joining());
  }

  private static String join(int i, String column) {
    return " JOIN dimension_value d%d ON d%1$d.id = q.%s".formatted(i, column);
  }

  private static String condition(Traffic traffic) {
    return switch (traffic) {
      case HUMAN -> "AND human <> 0"; // negative where a verdict has reclassified clicks
      case BOT -> "AND bot <> 0";
    };
  }

  /**
   * Arrays of numbers, because columnstore compares them with many rows at once (decision 0009).
   */
  private static String condition(RollupQuery query, int i) {
    var filter = query.filters().get(i);
    return (filter.included()
            ? " AND %s = ANY (:filter_%d::int[])"
            : " AND %s <> ALL (:filter_%d::int[])")
        .formatted(filter.dimension().column(), i);
  }
}
