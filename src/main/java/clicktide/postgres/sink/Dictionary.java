package clicktide.postgres.sink;

import clicktide.count.Dimension;
import clicktide.postgres.DimensionValues;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Numbers of dimension values. A number never changes, so a remembered one is right. */
final class Dictionary {
  private static final String LEARN =
      """
      INSERT INTO dimension_value (dimension, value)
      SELECT * FROM unnest(?::smallint[], ?::text[]) ORDER BY 1, 2
      ON CONFLICT DO NOTHING""";

  private final Cache<DictionaryEntry, Integer> remembered =
      Caffeine.newBuilder().maximumSize(500_000).executor(Runnable::run).build();

  private record DictionaryEntry(short dimension, String value) {}

  /**
   * Returns the numbers of the values of each row, and gives numbers to new values. Commits by
   * itself, before the rows that use them. A number that is never used does no harm.
   */
  Map<List<String>, int[]> numbers(Connection connection, Collection<List<String>> rows)
      throws SQLException {
    var wanted = new HashSet<DictionaryEntry>();
    rows.forEach(row -> forEach(row, wanted));
    var known = new HashMap<DictionaryEntry, Integer>(remembered.getAllPresent(wanted));
    wanted.removeAll(known.keySet());
    if (!wanted.isEmpty()) {
      known.putAll(learn(connection, wanted));
      remembered.putAll(known);
    }
    var numbers = new HashMap<List<String>, int[]>();
    for (var row : rows) {
      var codes = new int[row.size()];
      for (var dimension : Dimension.values()) {
        codes[dimension.index()] = known.get(entry(dimension, row));
      }
      numbers.put(row, codes);
    }
    return numbers;
  }

  private static void forEach(List<String> row, Set<DictionaryEntry> into) {
    for (var dimension : Dimension.values()) {
      into.add(entry(dimension, row));
    }
  }

  private static DictionaryEntry entry(Dimension dimension, List<String> row) {
    return new DictionaryEntry((short) dimension.id(), row.get(dimension.index()));
  }

  private static Map<DictionaryEntry, Integer> learn(
      Connection connection, Set<DictionaryEntry> entries) throws SQLException {
    var list = new ArrayList<>(entries);
    var dimensions =
        connection.createArrayOf("int2", list.stream().map(DictionaryEntry::dimension).toArray());
    var values =
        connection.createArrayOf("text", list.stream().map(DictionaryEntry::value).toArray());
    try (var learn = connection.prepareStatement(LEARN)) {
      learn.setArray(1, dimensions);
      learn.setArray(2, values);
      learn.executeUpdate();
    }
    var found = new HashMap<DictionaryEntry, Integer>();
    var lookUp = DimensionValues.LOOK_UP.with("dimensions", dimensions).with("values", values);
    try (var statement = lookUp.prepare(connection);
        var row = statement.executeQuery()) {
      while (row.next()) {
        found.put(new DictionaryEntry(row.getShort(1), row.getString(2)), row.getInt(3));
      }
    }
    return found;
  }
}
