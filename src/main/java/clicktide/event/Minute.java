package clicktide.event;

import java.time.Duration;
import java.time.Instant;

/** A minute of UTC, counted from 1970-01-01T00:00Z. */
public record Minute(long number) implements Comparable<Minute> {
  /** The time by which an event may lie in the future, because clocks differ (C2): 5 minutes. */
  public static final Duration AHEAD = Duration.ofMinutes(5);

  public static Minute of(Instant at) {
    return new Minute(Math.floorDiv(at.getEpochSecond(), 60));
  }

  public Instant start() {
    return Instant.ofEpochSecond(number * 60);
  }

  public Minute plus(long minutes) {
    return new Minute(number + minutes);
  }

  /** Returns the last minute in which an event may lie during this one. */
  public Minute lastAhead() {
    return plus(AHEAD.toMinutes());
  }

  @Override
  public int compareTo(Minute other) {
    return Long.compare(number, other.number);
  }
}
