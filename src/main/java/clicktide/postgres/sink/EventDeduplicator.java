package clicktide.postgres.sink;

import clicktide.count.Outcome;
import clicktide.enrich.EnrichedClick;
import clicktide.event.Identity;
import clicktide.event.Identity.Collected;
import clicktide.event.OwnerId;
import clicktide.store.Retention;
import clicktide.stream.Repeats;
import clicktide.wire.EnvelopeCodec;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Deduplication of collectors' events by id (C3). Ids are kept in the transaction that counts their
 * events. They expire by the day of receipt, not by event time, so a retry with another event time
 * is recognized.
 */
final class EventDeduplicator {
  private static final String REMEMBER =
      """
      INSERT INTO seen_id (received_on, owner, id_high, id_low, payload)
      SELECT * FROM unnest(?::date[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[]) ORDER BY 2, 3, 4
      ON CONFLICT DO NOTHING
      RETURNING owner, id_high, id_low, payload""";

  private static final String KNOWN =
      """
      SELECT owner, id_high, id_low, payload FROM seen_id
      JOIN unnest(?::bigint[], ?::bigint[], ?::bigint[]) AS asked (o, h, l)
        ON owner = o AND id_high = h AND id_low = l""";

  private EventDeduplicator() {}

  /**
   * Clicks by outcome. {@code counted} are counted now. {@code filtered} are new, but excluded by
   * their owner's tracking rules. {@code repeats} were counted before. {@code conflicts} carry the
   * id of an event with another payload (G5).
   */
  record Sorted(
      List<EnrichedClick> counted,
      List<EnrichedClick> filtered,
      List<EnrichedClick> repeats,
      List<EnrichedClick> conflicts) {
    private Sorted() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    private void isNew(EnrichedClick click) {
      (click.click().mode().isCounted() ? counted : filtered).add(click);
    }

    /** Returns the given repeats and all clicks here that do not count. */
    List<EnrichedClick> uncounted(List<EnrichedClick> more) {
      return Stream.of(more, filtered, repeats, conflicts)
          .flatMap(List::stream)
          .collect(Collectors.toCollection(ArrayList::new));
    }
  }

  /**
   * Sorts clicks by outcome. Clicks with an own identity are new already. Of collectors' events,
   * the first one with an id counts.
   */
  static Sorted sort(Connection connection, List<EnrichedClick> clicks) throws SQLException {
    var firsts = new LinkedHashMap<Collected, EnrichedClick>();
    for (var click : clicks) {
      if (click.click().identity() instanceof Collected id) {
        firsts.putIfAbsent(id, click);
      }
    }
    var sorted = new Sorted();
    if (firsts.isEmpty()) {
      clicks.forEach(sorted::isNew);
      return sorted;
    }
    var fresh = remember(connection, firsts);
    var known = new HashMap<>(fresh);
    known.putAll(
        known(connection, firsts.keySet().stream().filter(id -> !fresh.containsKey(id)).toList()));

    var left = new HashSet<>(fresh.keySet()); // the first click of each id takes it
    for (var click : clicks) {
      switch (click.click().identity()) {
        case Identity.Own _ -> sorted.isNew(click);
        case Collected id -> {
          if (left.remove(id)) {
            sorted.isNew(click);
          } else {
            (isSame(known.get(id), click) ? sorted.repeats : sorted.conflicts).add(click);
          }
        }
      }
    }
    return sorted;
  }

  /** Returns the reclassifications whose verdict is new, and remembers their ids. */
  static List<Outcome.Reclassified> fresh(
      Connection connection, List<Outcome.Reclassified> reclassified) throws SQLException {
    var firsts = new LinkedHashMap<Collected, EnrichedClick>();
    for (var one : reclassified) {
      if (one.click().click().identity() instanceof Collected id) {
        firsts.putIfAbsent(id, one.click());
      }
    }
    return firsts.isEmpty()
        ? List.of()
        : Repeats.withoutReclassified(reclassified, remember(connection, firsts).keySet());
  }

  /** Returns true for a collector's event older than the window of remembered ids (G4). */
  static boolean isBeforeTheWindow(EnrichedClick click) {
    return click.click().identity() instanceof Collected
        && click.click().at().plus(Retention.COLLECTED_IDS).isBefore(click.loggedAt());
  }

  /** An id without a payload hash is of an earlier version, and its payload is taken as equal. */
  private static boolean isSame(Long payload, EnrichedClick click) {
    return payload == null || payload == EnvelopeCodec.payloadHash(click.click());
  }

  private static Map<Collected, Long> remember(
      Connection connection, Map<Collected, EnrichedClick> firsts) throws SQLException {
    var days = new ArrayList<LocalDate>();
    var payloads = new ArrayList<Long>();
    for (var click : firsts.values()) {
      days.add(click.loggedAt().atOffset(ZoneOffset.UTC).toLocalDate());
      payloads.add(EnvelopeCodec.payloadHash(click.click()));
    }
    try (var statement = connection.prepareStatement(REMEMBER)) {
      statement.setArray(1, connection.createArrayOf("date", days.toArray()));
      setIds(connection, statement, 2, firsts.keySet());
      statement.setArray(5, connection.createArrayOf("int8", payloads.toArray()));
      return read(statement);
    }
  }

  private static Map<Collected, Long> known(Connection connection, List<Collected> ids)
      throws SQLException {
    if (ids.isEmpty()) {
      return Map.of();
    }
    try (var statement = connection.prepareStatement(KNOWN)) {
      setIds(connection, statement, 1, ids);
      return read(statement);
    }
  }

  private static void setIds(
      Connection connection, PreparedStatement statement, int first, Collection<Collected> ids)
      throws SQLException {
    statement.setArray(first, numbers(connection, ids, id -> id.owner().number()));
    statement.setArray(first + 1, numbers(connection, ids, Collected::high));
    statement.setArray(first + 2, numbers(connection, ids, Collected::low));
  }

  private static Array numbers(
      Connection connection, Collection<Collected> ids, ToLongFunction<Collected> number)
      throws SQLException {
    return connection.createArrayOf("int8", ids.stream().mapToLong(number).boxed().toArray());
  }

  private static Map<Collected, Long> read(PreparedStatement statement) throws SQLException {
    var payloads = new HashMap<Collected, Long>();
    try (var row = statement.executeQuery()) {
      while (row.next()) {
        var id = new Collected(new OwnerId(row.getLong(1)), row.getLong(2), row.getLong(3));
        payloads.put(id, row.getObject(4, Long.class));
      }
    }
    return payloads;
  }
}
