package clicktide.postgres.query;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What the aggregates hold of a range: sums of days where the day is not dirty, sums of quarters
 * for every minute before {@code through} where the quarter is not dirty. The rest has to be summed
 * from base rows. Days and quarters are named by their begin, ascending.
 */
record Coverage(List<Instant> dirtyDays, List<Instant> dirtyQuarters, Instant through) {
  static final Duration DAY = Duration.ofDays(1);
  static final Duration QUARTER = Duration.ofMinutes(15);

  /** A piece [from, to) of time. */
  record Part(Instant from, Instant to) {}

  static Instant floor(Instant at, Duration unit) {
    return Instant.ofEpochSecond(
        Math.floorDiv(at.getEpochSecond(), unit.toSeconds()) * unit.toSeconds());
  }

  static Instant ceiling(Instant at, Duration unit) {
    var floor = floor(at, unit);
    return floor.equals(at) ? at : floor.plus(unit);
  }

  static Part day(Instant begin) {
    return new Part(begin, begin.plus(DAY));
  }

  /**
   * Whether a piece of one day has all quarters that are held of the day, and none of them is
   * dirty.
   */
  boolean isWhole(Part piece) {
    var day = day(floor(piece.from, DAY));
    return piece.from.equals(day.from)
        && (piece.to.equals(day.to) || !piece.to.isBefore(through))
        && dirtyQuarters.stream()
            .noneMatch(dirty -> !dirty.isBefore(day.from) && dirty.isBefore(day.to));
  }

  /**
   * The end of the quarters of [from, to) that can be read whole. One that is not over can be if
   * the range goes on behind what it holds.
   */
  Instant endOfQuarters(Instant to) {
    return to.isBefore(through) ? floor(to, QUARTER) : ceiling(to, QUARTER);
  }

  /**
   * What of [from, to) is in no quarter, so that base rows have to be read: ends that are no whole
   * quarters, dirty quarters, and what is too new. Ascending, apart from each other.
   */
  List<Part> rest(Instant from, Instant to) {
    var parts = new ArrayList<Part>();
    var first = ceiling(from, QUARTER);
    if (from.isBefore(first)) {
      add(parts, from, earlier(first, to));
    }
    for (var quarter : dirtyQuarters) {
      add(parts, later(from, quarter), earlier(quarter.plus(QUARTER), to));
    }
    add(parts, later(from, earlier(endOfQuarters(to), through)), to);
    return parts;
  }

  /** Parts come by their begins; where they touch, they become one. */
  private static void add(List<Part> parts, Instant from, Instant to) {
    if (!parts.isEmpty() && !parts.getLast().to.isBefore(from)) {
      var before = parts.removeLast();
      parts.add(new Part(before.from, later(before.to, to)));
    } else if (from.isBefore(to)) {
      parts.add(new Part(from, to));
    }
  }

  private static Instant later(Instant one, Instant other) {
    return one.isBefore(other) ? other : one;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
