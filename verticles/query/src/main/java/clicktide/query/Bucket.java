package clicktide.query;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The width of the buckets of an answer. Each begins on the local clock of a time zone (E4). */
enum Bucket {
  MINUTE,
  QUARTER,
  HOUR,
  DAY,
  WEEK,
  MONTH,
  TOTAL;

  static Optional<Bucket> named(String key) {
    return Arrays.stream(values()).filter(bucket -> bucket.key().equals(key)).findFirst();
  }

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the begins of all buckets that touch [from, to), and the end of the last one. If there
   * are more than {@code max} buckets, it returns one more than that.
   */
  List<Instant> bounds(Instant from, Instant to, ZoneId zone, int max) {
    var start = floor(from.atZone(zone));
    var bounds = new ArrayList<Instant>();
    bounds.add(start.toInstant());
    if (this == TOTAL) {
      var last = floor(to.atZone(zone));
      var end = last.toInstant().equals(to) ? last : last.plusMinutes(1);
      bounds.add(end.toInstant());
      return bounds;
    }
    while (start.toInstant().isBefore(to) && bounds.size() <= max + 1) {
      start = next(start);
      bounds.add(start.toInstant());
    }
    return bounds;
  }

  private ZonedDateTime floor(ZonedDateTime at) {
    return switch (this) {
      case MINUTE, TOTAL -> at.truncatedTo(ChronoUnit.MINUTES);
      case QUARTER -> at.truncatedTo(ChronoUnit.MINUTES).minusMinutes(at.getMinute() % 15);
      case HOUR -> notAfter(at.truncatedTo(ChronoUnit.HOURS), at);
      case DAY -> midnight(at.toLocalDate(), at.getZone());
      case WEEK ->
          midnight(
              at.toLocalDate().with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)),
              at.getZone());
      case MONTH -> midnight(at.toLocalDate().withDayOfMonth(1), at.getZone());
    };
  }

  /** Returns the begin of an hour. If the clock skips it, the hour begins with the change. */
  private static ZonedDateTime notAfter(ZonedDateTime mark, ZonedDateTime at) {
    if (!mark.isAfter(at)) {
      return mark;
    }
    var change = at.getZone().getRules().previousTransition(at.toInstant().plusNanos(1));
    return change.getInstant().atZone(at.getZone());
  }

  private ZonedDateTime next(ZonedDateTime start) {
    return switch (this) {
      case MINUTE, TOTAL -> start.plusMinutes(1);
      case QUARTER -> after(start, start.plusMinutes(15));
      case HOUR -> after(start, start.plusHours(1));
      case DAY -> midnight(start.toLocalDate().plusDays(1), start.getZone());
      case WEEK -> midnight(start.toLocalDate().plusWeeks(1), start.getZone());
      case MONTH -> midnight(start.toLocalDate().plusMonths(1), start.getZone());
    };
  }

  /** Returns the end of a bucket, at the latest the next change of the clock: one offset each. */
  private ZonedDateTime after(ZonedDateTime start, ZonedDateTime plain) {
    var onMark = floor(plain);
    var next = onMark.isAfter(start) ? onMark : plain;
    var change = start.getZone().getRules().nextTransition(start.toInstant());
    return change != null && change.getInstant().isBefore(next.toInstant())
        ? change.getInstant().atZone(start.getZone())
        : next;
  }

  private static ZonedDateTime midnight(LocalDate day, ZoneId zone) {
    return day.atStartOfDay(zone);
  }
}
