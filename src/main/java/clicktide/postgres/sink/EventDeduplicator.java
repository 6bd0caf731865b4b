package clicktide.postgres.sink;

import clicktide.enrich.EnrichedClick;
import clicktide.enrich.Reclassification;
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
 * The ids of collectors' events that were counted, kept in the transaction that counts them. What
 * is kept expires by the day of receipt, not by the event's time: a retry with another time is
 * known.
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
   * What became of visits: {@code counted} for the first time; {@code filtered}, since their owner
   * does not want them counted; {@code repeats} of what came before; {@code conflicts} have the id
   * of another event (G5).
   */
  record Sorted(
      List<EnrichedClick> counted,
      List<EnrichedClick> filtered,
      List<EnrichedClick> repeats,
      List<EnrichedClick> conflicts) {
    private Sorted() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    private void isNew(EnrichedClick visit) {
      (visit.click().handling().isCounted() ? counted : filtered).add(visit);
    }

    /** These repeats and all that was found here and does not count. */
    List<EnrichedClick> uncounted(List<EnrichedClick> more) {
      return Stream.of(more, filtered, repeats, conflicts)
          .flatMap(List::stream)
          .collect(Collectors.toCollection(ArrayList::new));
    }
  }

  /** Own clicks were sorted before; of collectors' events the first one with an id counts. */
  static Sorted sort(Connection connection, List<EnrichedClick> visits) throws SQLException {
    var firsts = new LinkedHashMap<Collected, EnrichedClick>();
    for (var visit : visits) {
      if (visit.click().identity() instanceof Collected id) {
        firsts.putIfAbsent(id, visit);
      }
    }
    var sorted = new Sorted();
    if (firsts.isEmpty()) {
      visits.forEach(sorted::isNew);
      return sorted;
    }
    var fresh = remember(connection, firsts);
    var known = new HashMap<>(fresh);
    known.putAll(
        known(connection, firsts.keySet().stream().filter(id -> !fresh.containsKey(id)).toList()));

    var left = new HashSet<>(fresh.keySet()); // the first visit of each takes it
    for (var visit : visits) {
      switch (visit.click().identity()) {
        case Identity.Own _ -> sorted.isNew(visit);
        case Collected id -> {
          if (left.remove(id)) {
            sorted.isNew(visit);
          } else {
            (isSame(known.get(id), visit) ? sorted.repeats : sorted.conflicts).add(visit);
          }
        }
      }
    }
    return sorted;
  }

  /** The verdicts that were not heard before; from now on they were. */
  static List<Reclassification> fresh(Connection connection, List<Reclassification> moved)
      throws SQLException {
    var firsts = new LinkedHashMap<Collected, EnrichedClick>();
    for (var one : moved) {
      if (one.visit().click().identity() instanceof Collected id) {
        firsts.putIfAbsent(id, one.visit());
      }
    }
    return firsts.isEmpty()
        ? List.of()
        : Repeats.withoutMoved(moved, remember(connection, firsts).keySet());
  }

  /** Whether a collector's event is so old that it may have been counted and forgotten (G4). */
  static boolean isBeforeTheWindow(EnrichedClick visit) {
    return visit.click().identity() instanceof Collected
        && visit.click().at().plus(Retention.COLLECTED_IDS).isBefore(visit.loggedAt());
  }

  /** An id of before payloads were kept is believed. */
  private static boolean isSame(Long payload, EnrichedClick visit) {
    return payload == null || payload == EnvelopeCodec.payloadHash(visit.click());
  }

  private static Map<Collected, Long> remember(
      Connection connection, Map<Collected, EnrichedClick> firsts) throws SQLException {
    var days = new ArrayList<LocalDate>();
    var payloads = new ArrayList<Long>();
    for (var visit : firsts.values()) {
      days.add(visit.loggedAt().atOffset(ZoneOffset.UTC).toLocalDate());
      payloads.add(EnvelopeCodec.payloadHash(visit.click()));
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
