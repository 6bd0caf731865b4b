package clicktide.ingest;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * Times of events in RFC 3339 format. The parser of the platform had a sixth of the samples of a
 * busy collector, so the usual form is read directly: UTC with up to nine digits after the seconds.
 */
final class EventTime {
  private static final String USUAL = "0000-00-00T00:00:00."; // a zero is a digit
  private static final int WHOLE_SECONDS = USUAL.length() - 1;
  private static final int NANO_DIGITS = 9;

  private EventTime() {}

  /** Reads a time. Throws {@link java.time.DateTimeException} for a text that is none. */
  static Instant parse(String text) {
    if (!isUsual(text)) {
      return OffsetDateTime.parse(text).toInstant();
    }
    return LocalDateTime.of(
            number(text, 0, 4),
            number(text, 5, 7),
            number(text, 8, 10),
            number(text, 11, 13),
            number(text, 14, 16),
            number(text, 17, 19),
            nanos(text))
        .toInstant(ZoneOffset.UTC);
  }

  private static boolean isUsual(String text) {
    var end = text.length() - 1;
    if (end < WHOLE_SECONDS || end > USUAL.length() + NANO_DIGITS || text.charAt(end) != 'Z') {
      return false;
    }
    for (var i = 0; i < end; i++) {
      var c = text.charAt(i);
      var expected = i < USUAL.length() ? USUAL.charAt(i) : '0';
      if (expected == '0' ? c < '0' || c > '9' : c != expected) {
        return false;
      }
    }
    return true;
  }

  private static int nanos(String text) {
    var end = text.length() - 1;
    var nanos = end > USUAL.length() ? number(text, USUAL.length(), end) : 0;
    for (var digits = end - USUAL.length(); digits < NANO_DIGITS; digits++) {
      nanos *= 10;
    }
    return nanos;
  }

  private static int number(String text, int from, int to) {
    var number = 0;
    for (var i = from; i < to; i++) {
      number = number * 10 + text.charAt(i) - '0';
    }
    return number;
  }
}
