package clicktide.query;

import clicktide.bus.LiveIncrement;
import clicktide.count.LiveTally;
import clicktide.event.Minute;
import clicktide.store.LiveCounts.Snapshot;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The hot hour of something watched: a snapshot of the store, then its increments, each partition
 * from the position where the snapshot ended. Pure; not for several threads.
 */
final class LiveWindow {
  private final Watched watched;
  private final Map<Integer, Place> places = new HashMap<>();
  private final Map<Long, TreeMap<Minute, Long>> links = new HashMap<>();

  private record Place(String incarnation, long next, Instant through) {}

  /** What came of an increment. */
  enum Outcome {
    /** Nothing new: it was in the snapshot. */
    KNOWN,
    /** Added. */
    ADDED,
    /** Something is missing between what is held and it; the window has to be made anew. */
    GAP
  }

  LiveWindow(Watched watched, Snapshot snapshot) {
    this.watched = watched;
    for (var part : snapshot.parts()) {
      places.put(part.partition(), new Place(part.incarnation(), part.next(), part.watermark()));
    }
    snapshot
        .links()
        .forEach(
            (link, minutes) ->
                minutes.forEach((minute, clicks) -> add(link, minute, clicks.total())));
  }

  Outcome add(LiveIncrement counted) {
    var place = places.get(counted.partition());
    if (place == null || !place.incarnation().equals(counted.incarnation())) {
      return Outcome.GAP;
    }
    if (counted.to() <= place.next()) {
      return Outcome.KNOWN;
    }
    if (counted.from() != place.next()) {
      return Outcome.GAP;
    }
    places.put(
        counted.partition(),
        new Place(
            counted.incarnation(), counted.to(), later(place.through(), counted.watermark())));
    for (var increment : counted.increments()) {
      if (watched.covers(increment)) {
        add(increment.link(), increment.minute(), increment.clicks());
      }
    }
    return Outcome.ADDED;
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private void add(long link, Minute minute, long clicks) {
    links.computeIfAbsent(link, _ -> new TreeMap<>()).merge(minute, clicks, Long::sum);
  }

  /** Lets go of the minutes before the window that ends with the running minute. */
  void prune(Minute running) {
    var first = first(running);
    links.values().forEach(minutes -> minutes.headMap(first).clear());
    links.values().removeIf(Map::isEmpty);
  }

  static Minute first(Minute running) {
    return running.plus(1 - LiveTally.MINUTES);
  }

  /** Clicks by link and minute. */
  Map<Long, Map<Minute, Long>> links() {
    return Collections.unmodifiableMap(links);
  }

  Instant freshThrough() {
    return places.values().stream()
        .map(Place::through)
        .min(Instant::compareTo)
        .orElse(Instant.EPOCH);
  }
}
