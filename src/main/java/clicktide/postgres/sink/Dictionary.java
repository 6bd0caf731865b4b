package clicktide.postgres.sink;

import clicktide.count.Dimension;
import clicktide.postgres.DimensionValues;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Numbers of dimension values. A number never changes, and it is valid for rows up to a day that
 * the store keeps with it. Rows of a later day move that day first. So the store may delete a value
 * when that day is dropped, although sinks remember its number. Not for several threads.
 */
final class Dictionary {
  /** Days by which a value is valid beyond the day that needs it, so that few rows move it. */
  private static final int AHEAD = 30;

  private static final String LEARN =
      """
      INSERT INTO dimension_value (dimension, value, used_through)
      SELECT dimension, value, ? FROM unnest(?::smallint[], ?::text[]) AS used (dimension, value)
      ORDER BY 1, 2
      ON CONFLICT (dimension, value) DO UPDATE SET used_through = excluded.used_through
      WHERE dimension_value.used_through < excluded.used_through""";

  private final Cache<DictionaryEntry, DictionaryNumber> remembered =
      Caffeine.newBuilder().maximumSize(500_000).executor(Runnable::run).build();

  private record DictionaryEntry(short dimension, String value) {}

  private record DictionaryNumber(int id, LocalDate usedThrough) {}

  /**
   * Returns the numbers of the values of each row, valid for rows up to a day, and gives numbers to
   * new values. Commits by itself, before the rows that use them. A number that is never used does
   * no harm.
   */
  Map<List<String>, int[]> numbers(
      Connection connection, LocalDate day, Collection<List<String>> rows) throws SQLException {
    var wanted = new HashSet<DictionaryEntry>();
    rows.forEach(row -> forEach(row, wanted));
    var known = new HashMap<DictionaryEntry, Integer>();
    take(remembered.getAllPresent(wanted), day, wanted, known);
    take(lookUp(connection, wanted), day, wanted, known);
    while (!wanted.isEmpty()) { // again, if a value was deleted in between
      learn(connection, day, wanted);
      take(lookUp(connection, wanted), day, wanted, known);
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

  /** Takes the numbers that are valid for a day from those that were found. */
  private void take(
      Map<DictionaryEntry, DictionaryNumber> found,
      LocalDate day,
      Set<DictionaryEntry> wanted,
      Map<DictionaryEntry, Integer> known) {
    found.forEach(
        (entry, number) -> {
          if (!number.usedThrough.isBefore(day)) {
            known.put(entry, number.id);
            wanted.remove(entry);
            remembered.put(entry, number);
          }
        });
  }

  private static void learn(Connection connection, LocalDate day, Set<DictionaryEntry> entries)
      throws SQLException {
    try (var learn = connection.prepareStatement(LEARN)) {
      learn.setObject(1, day.plusDays(AHEAD));
      learn.setArray(2, dimensions(connection, entries));
      learn.setArray(3, values(connection, entries));
      learn.executeUpdate();
    }
  }

  private static Map<DictionaryEntry, DictionaryNumber> lookUp(
      Connection connection, Set<DictionaryEntry> entries) throws SQLException {
    var found = new HashMap<DictionaryEntry, DictionaryNumber>();
    if (entries.isEmpty()) {
      return found;
    }
    var lookUp =
        DimensionValues.LOOK_UP
            .with("dimensions", dimensions(connection, entries))
            .with("values", values(connection, entries));
    try (var statement = lookUp.prepare(connection);
        var row = statement.executeQuery()) {
      while (row.next()) {
        found.put(
            new DictionaryEntry(row.getShort(1), row.getString(2)),
            new DictionaryNumber(row.getInt(3), row.getObject(4, LocalDate.class)));
      }
    }
    return found;
  }

  private static Array dimensions(Connection connection, Set<DictionaryEntry> entries)
      throws SQLException {
    return connection.createArrayOf(
        "int2", entries.stream().map(DictionaryEntry::dimension).toArray());
  }

  private static Array values(Connection connection, Set<DictionaryEntry> entries)
      throws SQLException {
    return connection.createArrayOf("text", entries.stream().map(DictionaryEntry::value).toArray());
  }
}
