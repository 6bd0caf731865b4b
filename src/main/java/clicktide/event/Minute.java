package clicktide.event;

import java.time.Instant;

/** A minute of UTC, counted from 1970. */
public record Minute(long number) implements Comparable<Minute> {
  public static Minute of(Instant at) {
    return new Minute(Math.floorDiv(at.getEpochSecond(), 60));
  }

  public Instant start() {
    return Instant.ofEpochSecond(number * 60);
  }

  public Minute plus(long minutes) {
    return new Minute(number + minutes);
  }

  @Override
  public int compareTo(Minute other) {
    return Long.compare(number, other.number);
  }
}
