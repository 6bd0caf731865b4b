package clicktide.query;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Writes times in answers. */
final class Times {
  private Times() {}

  /** RFC 3339 with the offset that the zone has then, {@code Z} for UTC; always with seconds. */
  static String in(ZoneId zone, Instant at) {
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(at.atZone(zone));
  }
}
