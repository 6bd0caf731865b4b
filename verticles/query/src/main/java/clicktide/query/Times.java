package clicktide.query;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** The format of times in answers. */
final class Times {
  private Times() {}

  /** Returns RFC 3339 with seconds and the offset of the zone at that time, {@code Z} for UTC. */
  static String in(ZoneId zone, Instant at) {
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(at.atZone(zone));
  }
}
