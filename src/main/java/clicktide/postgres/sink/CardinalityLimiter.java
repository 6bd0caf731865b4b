package clicktide.postgres.sink;

import clicktide.count.BaseRows;
import clicktide.enrich.Dimension;
import clicktide.store.Retention;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
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
 * A limit of 1,000 values for each open dimension of a link and day. {@link FrequentValues} have
 * places of their own. The first other values get the rest. Later ones are counted under {@link
 * Dimension#OTHER}, so sums do not change. Admitted values are remembered by hash. From the
 * hundredth value of a link, day and dimension on they are kept in the store, in the transaction
 * that counts. The limit is soft: a new owner of a partition may admit up to 100 more values, and
 * so may each of several owners. Not for several threads.
 */
final class CardinalityLimiter {
  private static final int MOST = 1_000;
  private static final int STORED_FROM = 100;

  /** Of remembered hashes: 64 MB hold some 300,000 link-days with one value per dimension. */
  private static final long MOST_BYTES = 64L << 20;

  private static final String KNOWN = "SELECT DISTINCT day, link FROM admitted_value";

  private static final String LOAD =
      "SELECT dimension, admitted FROM admitted_value WHERE day = ? AND link = ?";

  private static final String KEEP =
      """
      INSERT INTO admitted_value (day, link, dimension, admitted) VALUES (?, ?, ?, ?)
      ON CONFLICT (day, link, dimension)
      DO UPDATE SET admitted = admitted_value.admitted || excluded.admitted""";

  private final Cache<LinkDay, AdmittedValues> remembered =
      Caffeine.newBuilder()
          .maximumWeight(MOST_BYTES)
          .weigher((LinkDay _, AdmittedValues values) -> values.bytes())
          .executor(Runnable::run)
          .build();
  private final Set<LinkDay> stored = new HashSet<>();
  private final Map<AdmittedKey, List<String>> fresh = new TreeMap<>();

  /** The key of a row in the store. Ordered, so that writers cannot deadlock. */
  private record AdmittedKey(LinkDay linkDay, Dimension dimension)
      implements Comparable<AdmittedKey> {
    @Override
    public int compareTo(AdmittedKey other) {
      return Comparator.comparing((AdmittedKey key) -> key.linkDay.day())
          .thenComparingLong(key -> key.linkDay.link())
          .thenComparing(AdmittedKey::dimension)
          .compare(this, other);
    }
  }

  /**
   * A decision about the cells of some rows: each cell with a refused value, and its folded cell.
   */
  record FoldedCells(Map<BaseRows.Cell, BaseRows.Cell> folded) {
    /** Moves rows with refused values to their folded cells. Rows in one cell become one. */
    Collection<BaseRows.Row> fold(Collection<BaseRows.Row> rows) {
      return folded.isEmpty()
          ? rows
          : BaseRows.regrouped(rows, cell -> folded.getOrDefault(cell, cell));
    }
  }

  /** Learns which links have values in the store, and forgets everything else. */
  void recall(Connection connection) throws SQLException {
    remembered.invalidateAll();
    stored.clear();
    fresh.clear();
    try (var statement = connection.prepareStatement(KNOWN);
        var row = statement.executeQuery()) {
      while (row.next()) {
        stored.add(new LinkDay(LinkDay.day(row.getTimestamp(1).toInstant()), row.getLong(2)));
      }
    }
  }

  /** Admits or refuses every value of the rows. To be called once for a batch. */
  FoldedCells admit(Connection connection, Collection<BaseRows.Row> rows) throws SQLException {
    var folded = new HashMap<BaseRows.Cell, BaseRows.Cell>();
    for (var row : rows) {
      var cell = admit(connection, row.cell());
      if (!cell.equals(row.cell())) {
        folded.put(row.cell(), cell);
      }
    }
    return new FoldedCells(folded);
  }

  private BaseRows.Cell admit(Connection connection, BaseRows.Cell cell) throws SQLException {
    var linkDay = LinkDay.of(cell);
    var admitted = remembered.getIfPresent(linkDay);
    if (admitted == null) {
      admitted = stored.contains(linkDay) ? load(connection, linkDay) : new AdmittedValues();
    }
    var before = admitted.bytes();
    var refused = EnumSet.noneOf(Dimension.class);
    for (var dimension : Dimension.OPEN) {
      if (!cell.values().of(dimension).isEmpty()
          && !admits(connection, linkDay, admitted, dimension, cell.values().hash(dimension))) {
        refused.add(dimension);
      }
    }
    if (admitted.bytes() != before || before == AdmittedValues.EMPTY_BYTES) {
      remembered.put(linkDay, admitted); // its weight is read at this moment only
    }
    return refused.isEmpty() ? cell : without(cell, refused);
  }

  private static BaseRows.Cell without(BaseRows.Cell cell, Set<Dimension> refused) {
    var values = cell.values();
    for (var dimension : refused) {
      values = values.with(dimension, Dimension.OTHER);
    }
    return new BaseRows.Cell(cell.minute(), cell.link(), cell.owner(), values);
  }

  private boolean admits(
      Connection connection,
      LinkDay linkDay,
      AdmittedValues admitted,
      Dimension dimension,
      long hash)
      throws SQLException {
    if (admitted.contains(dimension, hash)) {
      return true;
    }
    if (admitted.count(dimension) >= MOST - FrequentValues.MOST
        && !admitted.hasReserved(dimension)) {
      admitted.reserve(
          dimension, FrequentValues.before(connection, linkDay.start(), linkDay.link(), dimension));
    }
    if (!admitted.hasPlace(dimension, hash, MOST)) {
      return false;
    }
    admitted.add(dimension, hash);
    var count = admitted.count(dimension);
    if (count >= STORED_FROM) {
      var entry = new AdmittedKey(linkDay, dimension);
      fresh
          .computeIfAbsent(entry, _ -> new ArrayList<>())
          .addAll(
              count == STORED_FROM
                  ? admitted.texts(dimension)
                  : List.of(AdmittedValues.text(hash)));
    }
    return true;
  }

  private static AdmittedValues load(Connection connection, LinkDay linkDay) throws SQLException {
    var admitted = new AdmittedValues();
    try (var statement = connection.prepareStatement(LOAD)) {
      statement.setTimestamp(1, Timestamp.from(linkDay.start()));
      statement.setLong(2, linkDay.link());
      try (var row = statement.executeQuery()) {
        while (row.next()) {
          var dimension = Dimension.withId(row.getShort(1)).orElseThrow();
          for (var text : (String[]) row.getArray(2).getArray()) {
            admitted.add(dimension, AdmittedValues.hashOf(text));
          }
        }
      }
    }
    return admitted;
  }

  /** Keeps newly admitted values, in the transaction that writes the rows. */
  void keep(Connection connection) throws SQLException {
    if (fresh.isEmpty()) {
      return;
    }
    try (var statement = connection.prepareStatement(KEEP)) {
      for (var entry : fresh.entrySet()) {
        var linkDay = entry.getKey().linkDay;
        statement.setTimestamp(1, Timestamp.from(linkDay.start()));
        statement.setLong(2, linkDay.link());
        statement.setShort(3, (short) entry.getKey().dimension.id());
        statement.setArray(4, array(connection, entry.getValue()));
        statement.addBatch();
        stored.add(linkDay);
      }
      statement.executeBatch();
    }
    fresh.clear();
    forgetOldDays();
  }

  /** Bounds the set of links with stored values. The store drops old days as well. */
  private void forgetOldDays() {
    var newest = stored.stream().map(LinkDay::day).max(Comparator.naturalOrder()).orElseThrow();
    var oldest = newest.minusDays(Retention.ADMITTED_VALUES.toDays());
    stored.removeIf(linkDay -> linkDay.day().isBefore(oldest));
  }

  private static Array array(Connection connection, List<String> values) throws SQLException {
    return connection.createArrayOf("text", values.toArray());
  }
}
