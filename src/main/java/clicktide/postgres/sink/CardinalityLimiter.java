package clicktide.postgres.sink;

import clicktide.count.BaseRows;
import clicktide.count.Dimension;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Bounds how many values an open dimension has for each link and day: the first ones stay, all
 * others become {@link Dimension#OTHER}, so that nobody fills a link's breakdowns, or the
 * dictionary, with nonsense. Sums are not touched. What was admitted is kept in the transaction
 * that counts, once it is much; so a new owner may admit a little more, and so may several owners
 * at once. Not for several threads.
 */
final class CardinalityLimiter {
  private static final int MOST = 1_000;
  private static final int MUCH = 100; // from here on it is kept in the store
  private static final int LINK_DAYS = 5_000; // remembered

  private static final String KNOWN = "SELECT day, link FROM admitted_value";

  private static final String LOAD =
      "SELECT dimension, admitted FROM admitted_value WHERE day = ? AND link = ?";

  private static final String KEEP =
      """
      INSERT INTO admitted_value (day, link, dimension, admitted) VALUES (?, ?, ?, ?)
      ON CONFLICT (day, link, dimension)
      DO UPDATE SET admitted = admitted_value.admitted || excluded.admitted""";

  private final Cache<LinkDay, Values> remembered =
      Caffeine.newBuilder().maximumSize(LINK_DAYS).executor(Runnable::run).build();
  private final Set<LinkDay> kept = new HashSet<>(); // have something in the store
  private final Map<Entry, List<String>> fresh = new TreeMap<>();

  private record LinkDay(Instant day, long link) {}

  /** Ordered, so that writers cannot deadlock. */
  private record Entry(Instant day, long link, Dimension dimension) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      return Comparator.comparing(Entry::day)
          .thenComparingLong(Entry::link)
          .thenComparing(Entry::dimension)
          .compare(this, other);
    }
  }

  /** What was admitted of a link on a day, by dimension. */
  private record Values(Map<Dimension, Set<String>> admitted) {
    private Set<String> of(Dimension dimension) {
      return admitted.computeIfAbsent(dimension, _ -> new HashSet<>());
    }
  }

  /** To be called when partitions change their owner, and after any failure. */
  void forget() {
    remembered.invalidateAll();
    kept.clear();
    fresh.clear();
  }

  /** Learns which links have something in the store. */
  void recall(Connection connection) throws SQLException {
    forget();
    try (var statement = connection.prepareStatement(KNOWN);
        var row = statement.executeQuery()) {
      while (row.next()) {
        kept.add(new LinkDay(row.getTimestamp(1).toInstant(), row.getLong(2)));
      }
    }
  }

  /** The rows, with what is not admitted folded together. */
  Collection<BaseRows.Row> admit(Connection connection, Collection<BaseRows.Row> rows)
      throws SQLException {
    var folded = new HashMap<BaseRows.Cell, BaseRows.Cell>();
    for (var row : rows) {
      var cell = admit(connection, row.cell());
      if (!cell.equals(row.cell())) {
        folded.put(row.cell(), cell);
      }
    }
    return folded.isEmpty()
        ? rows
        : BaseRows.regrouped(rows, cell -> folded.getOrDefault(cell, cell));
  }

  private BaseRows.Cell admit(Connection connection, BaseRows.Cell cell) throws SQLException {
    var linkDay = new LinkDay(cell.minute().start().truncatedTo(ChronoUnit.DAYS), cell.link().id());
    var admitted = remembered.getIfPresent(linkDay);
    if (admitted == null) {
      admitted = new Values(kept.contains(linkDay) ? load(connection, linkDay) : new HashMap<>());
      remembered.put(linkDay, admitted);
    }
    var refused = EnumSet.noneOf(Dimension.class);
    for (var dimension : Dimension.OPEN) {
      var value = cell.values().get(dimension.index());
      if (!admits(linkDay, admitted.of(dimension), dimension, value)) {
        refused.add(dimension);
      }
    }
    return refused.isEmpty() ? cell : without(cell, refused);
  }

  private static BaseRows.Cell without(BaseRows.Cell cell, Set<Dimension> refused) {
    var values = new ArrayList<>(cell.values());
    refused.forEach(dimension -> values.set(dimension.index(), Dimension.OTHER));
    return new BaseRows.Cell(cell.minute(), cell.link(), values);
  }

  private boolean admits(LinkDay linkDay, Set<String> admitted, Dimension dimension, String value) {
    if (value.isEmpty() || admitted.contains(value)) {
      return true;
    }
    if (admitted.size() >= MOST) {
      return false;
    }
    admitted.add(value);
    if (admitted.size() >= MUCH) {
      var first = admitted.size() == MUCH ? List.copyOf(admitted) : List.of(value);
      fresh
          .computeIfAbsent(new Entry(linkDay.day, linkDay.link, dimension), _ -> new ArrayList<>())
          .addAll(first);
    }
    return true;
  }

  private static Map<Dimension, Set<String>> load(Connection connection, LinkDay linkDay)
      throws SQLException {
    var admitted = new HashMap<Dimension, Set<String>>();
    try (var statement = connection.prepareStatement(LOAD)) {
      statement.setTimestamp(1, Timestamp.from(linkDay.day));
      statement.setLong(2, linkDay.link);
      try (var row = statement.executeQuery()) {
        while (row.next()) {
          var values = (String[]) row.getArray(2).getArray();
          var dimension = Dimension.withId(row.getShort(1)).orElseThrow();
          admitted.put(dimension, new HashSet<>(List.of(values)));
        }
      }
    }
    return admitted;
  }

  /** In the transaction that writes the rows. */
  void keep(Connection connection) throws SQLException {
    if (fresh.isEmpty()) {
      return;
    }
    try (var statement = connection.prepareStatement(KEEP)) {
      for (var entry : fresh.entrySet()) {
        statement.setTimestamp(1, Timestamp.from(entry.getKey().day));
        statement.setLong(2, entry.getKey().link);
        statement.setShort(3, (short) entry.getKey().dimension.id());
        statement.setArray(4, array(connection, entry.getValue()));
        statement.addBatch();
        kept.add(new LinkDay(entry.getKey().day, entry.getKey().link));
      }
      statement.executeBatch();
    }
    fresh.clear();
  }

  private static Array array(Connection connection, List<String> values) throws SQLException {
    return connection.createArrayOf("text", values.toArray());
  }
}
