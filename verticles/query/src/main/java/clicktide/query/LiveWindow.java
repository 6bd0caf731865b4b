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
 * The hot hour of a watched target: a snapshot of the store, and the increments of each partition
 * from the position of the snapshot on. Pure. For one thread.
 */
final class LiveWindow {
  private final Watched watched;
  private final Map<Integer, FeedPosition> positions = new HashMap<>();
  private final Map<Long, TreeMap<Minute, Long>> links = new HashMap<>();

  private record FeedPosition(String incarnation, long next, Instant watermark) {}

  /** The outcome of an increment. */
  enum AddResult {
    /** The snapshot has it already. */
    KNOWN,
    /** It is added. */
    ADDED,
    /** An earlier increment is missing, so the window needs a new snapshot. */
    GAP
  }

  LiveWindow(Watched watched, Snapshot snapshot) {
    this.watched = watched;
    for (var part : snapshot.parts()) {
      positions.put(
          part.partition(), new FeedPosition(part.incarnation(), part.next(), part.watermark()));
    }
    snapshot
        .links()
        .forEach(
            (link, minutes) ->
                minutes.forEach((minute, clicks) -> add(link, minute, clicks.total())));
  }

  /** Adds an increment if it follows the position of its partition. */
  AddResult add(LiveIncrement increment) {
    var position = positions.get(increment.partition());
    if (position == null || !position.incarnation().equals(increment.incarnation())) {
      return AddResult.GAP;
    }
    if (increment.to() <= position.next()) {
      return AddResult.KNOWN;
    }
    if (increment.from() != position.next()) {
      return AddResult.GAP;
    }
    positions.put(
        increment.partition(),
        new FeedPosition(
            increment.incarnation(),
            increment.to(),
            later(position.watermark(), increment.watermark())));
    for (var cell : increment.increments()) {
      if (watched.covers(cell)) {
        add(cell.link(), cell.minute(), cell.clicks());
      }
    }
    return AddResult.ADDED;
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private void add(long link, Minute minute, long clicks) {
    links.computeIfAbsent(link, _ -> new TreeMap<>()).merge(minute, clicks, Long::sum);
  }

  /** Removes the minutes before the hour that ends with the running minute. */
  void prune(Minute running) {
    var first = first(running);
    links.values().forEach(minutes -> minutes.headMap(first).clear());
    links.values().removeIf(Map::isEmpty);
  }

  /** Returns the first minute of the hour that ends with the running minute. */
  static Minute first(Minute running) {
    return running.plus(1 - LiveTally.MINUTES);
  }

  /** Returns the clicks by link and minute. */
  Map<Long, Map<Minute, Long>> links() {
    return Collections.unmodifiableMap(links);
  }

  /** Returns the watermark over all partitions. */
  Instant freshThrough() {
    return positions.values().stream()
        .map(FeedPosition::watermark)
        .min(Instant::compareTo)
        .orElse(Instant.EPOCH);
  }
}
