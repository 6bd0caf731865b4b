package clicktide.postgres.query;

import clicktide.postgres.DimensionValues;
import clicktide.store.Rollups.Filter;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks up the numbers of filter values. They become parameters of the statement, so that the
 * planner knows them (decision 0009). A value that no click ever had has no number.
 */
final class FilterNumbers {
  private final Pool pool;

  FilterNumbers(Pool pool) {
    this.pool = pool;
  }

  private record DimensionValue(int dimension, String value) {}

  /** Returns the numbers of each filter, in the order of the filters. */
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
    return DimensionValues.LOOK_UP
        .with("dimensions", dimensions.toArray(Short[]::new))
        .with("values", values.toArray(String[]::new))
        .on(pool)
        .map(FilterNumbers::ids)
        .map(ids -> filters.stream().map(filter -> numbers(filter, ids)).toList());
  }

  private static Map<DimensionValue, Integer> ids(RowSet<Row> rows) {
    var ids = new HashMap<DimensionValue, Integer>();
    for (var row : rows) {
      var value = new DimensionValue(row.getShort("dimension"), row.getString("value"));
      ids.put(value, row.getInteger("id"));
    }
    return ids;
  }

  private static Integer[] numbers(Filter filter, Map<DimensionValue, Integer> ids) {
    return filter.values().stream()
        .map(value -> new DimensionValue(filter.dimension().id(), value))
        .filter(ids::containsKey)
        .map(ids::get)
        .toArray(Integer[]::new);
  }
}
