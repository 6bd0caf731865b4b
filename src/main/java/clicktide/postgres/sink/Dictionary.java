package clicktide.postgres.sink;

import clicktide.count.BaseRows;
import clicktide.enrich.ClickValues;
import clicktide.enrich.Dimension;
import clicktide.postgres.DimensionValues;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
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

  private final Combinations combinations = new Combinations();

  private final NewValueLimiter limiter;

  Dictionary(NewValueLimiter limiter) {
    this.limiter = limiter;
  }

  private record DictionaryNumber(int id, LocalDate usedThrough) {}

  /**
   * Returns the numbers of the values of each cell, and gives numbers to new values. A new value
   * above the limit gets the number of {@link Dimension#OTHER}. Commits by itself, before the rows
   * that use the numbers. A number that is never used does no harm.
   */
  Map<BaseRows.Cell, int[]> numbers(Connection connection, Collection<BaseRows.Cell> cells)
      throws SQLException {
    Map<BaseRows.Cell, int[]> numbers = HashMap.newHashMap(cells.size());
    var newest = cells.stream().map(BaseRows.Cell::minute).max(Comparator.naturalOrder());
    if (newest.isEmpty()) {
      return numbers;
    }
    var day = LinkDay.day(newest.get());
    var others = new ArrayList<BaseRows.Cell>();
    for (var cell : cells) {
      var found = combinations.find(cell, day, limiter);
      found.ifPresentOrElse(codes -> numbers.put(cell, codes), () -> others.add(cell));
    }
    if (!others.isEmpty()) {
      numbers.putAll(lookUp(connection, day, others));
    }
    return numbers;
  }

  private Map<BaseRows.Cell, int[]> lookUp(
      Connection connection, LocalDate day, List<BaseRows.Cell> cells) throws SQLException {
    var known = known(connection, day, cells);
    var numbers = new HashMap<BaseRows.Cell, int[]>();
    for (var cell : cells) {
      var codes = new int[Dimension.values().length];
      for (var dimension : Dimension.values()) {
        codes[dimension.index()] = number(known, cell, dimension);
      }
      numbers.put(cell, codes);
      remember(cell.values(), codes);
    }
    return numbers;
  }

  /** Remembers a combination, unless the owner of its cell may not have one of its values. */
  private void remember(ClickValues values, int[] codes) {
    var usedThrough = LocalDate.MAX;
    var largest = 0;
    for (var dimension : Dimension.values()) {
      var entry = DictionaryEntry.of(dimension, values);
      var number = remembered.getIfPresent(entry);
      if (number == null || number.id != codes[dimension.index()]) {
        return;
      }
      if (entry.dependsOnOwner()) {
        largest = Math.max(largest, number.id);
      }
      usedThrough = number.usedThrough.isBefore(usedThrough) ? number.usedThrough : usedThrough;
    }
    combinations.put(values, codes, largest, usedThrough);
  }

  private Map<DictionaryEntry, Integer> known(
      Connection connection, LocalDate day, List<BaseRows.Cell> cells) throws SQLException {
    var wanted = new HashSet<DictionaryEntry>();
    Dimension.OPEN.forEach(dimension -> wanted.add(DictionaryEntry.of(dimension, Dimension.OTHER)));
    for (var cell : cells) {
      for (var dimension : Dimension.values()) {
        wanted.add(DictionaryEntry.of(dimension, cell.values()));
      }
    }
    var known = new HashMap<DictionaryEntry, Integer>();
    take(remembered.getAllPresent(wanted), day, wanted, known);
    var stored = lookUp(connection, wanted);
    take(stored, day, wanted, known);
    wanted.removeAll(refused(cells, wanted, stored.keySet()));
    while (!wanted.isEmpty()) { // again, if a value was deleted in between
      learn(connection, day, wanted);
      take(lookUp(connection, wanted), day, wanted, known);
    }
    limiter.fix(connection);
    return known;
  }

  /** Returns the new values that no owner of a cell may add. */
  private Set<DictionaryEntry> refused(
      List<BaseRows.Cell> cells, Set<DictionaryEntry> wanted, Set<DictionaryEntry> stored) {
    var refused = new HashSet<DictionaryEntry>();
    var admitted = new HashSet<DictionaryEntry>();
    for (var cell : wanted.isEmpty() ? List.<BaseRows.Cell>of() : cells) {
      for (var dimension : Dimension.OPEN) {
        var entry = DictionaryEntry.of(dimension, cell.values());
        if (wanted.contains(entry)
            && !stored.contains(entry)
            && entry.dependsOnOwner()
            && !admitted.contains(entry)) {
          (limiter.admitsNew(cell) ? admitted : refused).add(entry);
        }
      }
    }
    refused.removeAll(admitted);
    return refused;
  }

  private int number(Map<DictionaryEntry, Integer> known, BaseRows.Cell cell, Dimension dimension) {
    var entry = DictionaryEntry.of(dimension, cell.values());
    var number = known.get(entry);
    return entry.dependsOnOwner() && (number == null || !limiter.admits(cell, number))
        ? known.get(DictionaryEntry.of(dimension, Dimension.OTHER))
        : number;
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
