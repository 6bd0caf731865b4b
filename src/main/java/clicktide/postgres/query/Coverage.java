package clicktide.postgres.query;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The reach of the aggregates in a range: sums of days where the day is not dirty, and sums of
 * quarters for every minute before the watermark where the quarter is not dirty. The rest has to be
 * summed from base rows. Days and quarters are named by their begin, ascending.
 */
record Coverage(List<Instant> dirtyDays, List<Instant> dirtyQuarters, Instant watermark) {
  static final Duration DAY = Duration.ofDays(1);
  static final Duration QUARTER = Duration.ofMinutes(15);

  /** A part [from, to) of a range. */
  record Span(Instant from, Instant to) {}

  static Instant floor(Instant at, Duration unit) {
    return Instant.ofEpochSecond(
        Math.floorDiv(at.getEpochSecond(), unit.toSeconds()) * unit.toSeconds());
  }

  static Instant ceiling(Instant at, Duration unit) {
    var floor = floor(at, unit);
    return floor.equals(at) ? at : floor.plus(unit);
  }

  static Span day(Instant begin) {
    return new Span(begin, begin.plus(DAY));
  }

  /**
   * Returns true if a part of one day holds all quarters that the aggregates have of the day, and
   * none of them is dirty.
   */
  boolean isWhole(Span part) {
    var day = day(floor(part.from, DAY));
    return part.from.equals(day.from)
        && (part.to.equals(day.to) || !part.to.isBefore(watermark))
        && dirtyQuarters.stream()
            .noneMatch(dirty -> !dirty.isBefore(day.from) && dirty.isBefore(day.to));
  }

  /**
   * Returns the end of the quarters of [from, to) that can be read whole. The running quarter can
   * be read whole if the range reaches the watermark.
   */
  Instant endOfQuarters(Instant to) {
    return to.isBefore(watermark) ? floor(to, QUARTER) : ceiling(to, QUARTER);
  }

  /**
   * Returns the parts of [from, to) for which base rows have to be read: incomplete quarters at the
   * ends, dirty quarters, and minutes from the watermark on. Ascending and disjoint.
   */
  List<Span> uncovered(Instant from, Instant to) {
    var parts = new ArrayList<Span>();
    var first = ceiling(from, QUARTER);
    if (from.isBefore(first)) {
      add(parts, from, earlier(first, to));
    }
    for (var quarter : dirtyQuarters) {
      add(parts, later(from, quarter), earlier(quarter.plus(QUARTER), to));
    }
    add(parts, later(from, earlier(endOfQuarters(to), watermark)), to);
    return parts;
  }

  /** Adds a part that begins after all others. Parts that touch become one. */
  private static void add(List<Span> parts, Instant from, Instant to) {
    if (!parts.isEmpty() && !parts.getLast().to.isBefore(from)) {
      var last = parts.removeLast();
      parts.add(new Span(last.from, later(last.to, to)));
    } else if (from.isBefore(to)) {
      parts.add(new Span(from, to));
    }
  }

  private static Instant later(Instant one, Instant other) {
    return one.isBefore(other) ? other : one;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
