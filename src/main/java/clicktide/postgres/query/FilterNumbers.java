package clicktide.postgres.query;

import clicktide.store.Rollups.Filter;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks up the numbers of the values that filters name. They are parameters of the question then,
 * so that the planner knows them. A value that never came has no number.
 */
final class FilterNumbers {
  private static final String LOOK_UP =
      """
      SELECT dimension, value, id FROM dimension_value
      WHERE (dimension, value) IN (SELECT * FROM unnest($1::smallint[], $2::text[]))""";

  private final Pool pool;

  FilterNumbers(Pool pool) {
    this.pool = pool;
  }

  private record Entry(int dimension, String value) {}

  /** In the order of the filters. */
  Future<List<Integer[]>> of(List<Filter> filters) {
    if (filters.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    var dimensions = new ArrayList<Short>();
    var values = new ArrayList<String>();
    for (var filter : filters) {
      for (var value : filter.values()) {
        dimensions.add((short) filter.dimension().id());
        values.add(value);
      }
    }
    return pool.preparedQuery(LOOK_UP)
        .execute(
            Tuple.tuple()
                .addValue(dimensions.toArray(Short[]::new))
                .addValue(values.toArray(String[]::new)))
        .map(
            rows -> {
              var ids = new HashMap<Entry, Integer>();
              rows.forEach(
                  row -> ids.put(new Entry(row.getShort(0), row.getString(1)), row.getInteger(2)));
              return filters.stream().map(filter -> numbers(filter, ids)).toList();
            });
  }

  private static Integer[] numbers(Filter filter, Map<Entry, Integer> ids) {
    return filter.values().stream()
        .map(value -> new Entry(filter.dimension().id(), value))
        .filter(ids::containsKey)
        .map(ids::get)
        .toArray(Integer[]::new);
  }
}
