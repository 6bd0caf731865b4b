package clicktide.query;

import clicktide.http.ApiRequest;
import clicktide.http.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/** The range and time zone of analytics requests. */
final class Ranges {
  private static final Set<String> ZONES = ZoneId.getAvailableZoneIds();
  private static final Duration DEFAULT = Duration.ofHours(24);

  private Ranges() {}

  /** A range [from, to) of time. */
  record Range(Instant from, Instant to) {}

  static ZoneId zone(ApiRequest call) {
    var name = call.query("tz").or(() -> call.query("timezone")).orElse("UTC");
    if (!ZONES.contains(name)) {
      throw ApiRequest.invalid(
          "tz", "`tz` must be the name of a time zone, such as `Europe/Berlin`.");
    }
    return ZoneId.of(name);
  }

  /** Reads the range; {@code first} is the begin of the interval "all". */
  static Range of(ApiRequest call, ZoneId zone, Instant now, Instant first) {
    var interval = call.query("interval");
    if (interval.isPresent() && (call.query("from").isPresent() || call.query("to").isPresent())) {
      throw ApiRequest.invalid("interval", "`interval` cannot be combined with `from` and `to`.");
    }
    var range =
        interval.map(name -> interval(name, zone, now, first)).orElseGet(() -> fromTo(call, now));
    if (!range.from().isBefore(range.to())) {
      throw Problem.refused("empty_range", "`from` must be before `to`.").raised();
    }
    return range;
  }

  private static Range fromTo(ApiRequest call, Instant now) {
    var to = call.query("to").map(text -> instant("to", text)).orElse(now);
    var from = call.query("from").map(text -> instant("from", text)).orElse(to.minus(DEFAULT));
    return new Range(from, to);
  }

  /** Reads a time. A plus sign that was not escaped arrives as a space. */
  private static Instant instant(String name, String text) {
    try {
      var at = OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
      if (at.isAfter(Instant.EPOCH) && at.isBefore(Instant.parse("2200-01-01T00:00:00Z"))) {
        return at;
      }
    } catch (DateTimeParseException _) {
      // the same problem as for a time out of range
    }
    throw ApiRequest.invalid(
        name, "`%s` must be a time in RFC 3339 format, between 1970 and 2200.".formatted(name));
  }

  private static Range interval(String name, ZoneId zone, Instant now, Instant first) {
    var today = now.atZone(zone).toLocalDate();
    return switch (name) {
      case "1h" -> new Range(now.minus(Duration.ofHours(1)), now);
      case "24h" -> new Range(now.minus(Duration.ofHours(24)), now);
      case "7d" -> days(today.minusDays(6), today, zone);
      case "30d" -> days(today.minusDays(29), today, zone);
      case "90d" -> days(today.minusDays(89), today, zone);
      case "1y" -> days(today.minusYears(1).plusDays(1), today, zone);
      case "mtd" -> days(today.withDayOfMonth(1), today, zone);
      case "ytd" -> days(today.withDayOfYear(1), today, zone);
      case "all" -> days(first.atZone(zone).toLocalDate(), today, zone);
      default ->
          throw ApiRequest.invalid(
              "interval",
              "`interval` must be one of `1h`, `24h`, `7d`, `30d`, `90d`, `1y`, `mtd`, `ytd`, `all`.");
    };
  }

  /** Returns the range of the same length before, in months, local days or elapsed time. */
  static Range before(Range range, Bucket bucket, ZoneId zone) {
    var from = range.from.atZone(zone);
    var to = range.to.atZone(zone);
    var isOfDays = from.equals(start(from)) && to.equals(start(to));
    var begin =
        isOfDays && bucket == Bucket.MONTH
            ? from.minusMonths(ChronoUnit.MONTHS.between(from.toLocalDate(), to.toLocalDate()))
            : isOfDays
                ? from.minusDays(ChronoUnit.DAYS.between(from.toLocalDate(), to.toLocalDate()))
                : from.minus(Duration.between(range.from, range.to));
    return new Range(begin.toInstant(), range.from);
  }

  private static ZonedDateTime start(ZonedDateTime at) {
    return at.toLocalDate().atStartOfDay(at.getZone());
  }

  private static Range days(LocalDate first, LocalDate last, ZoneId zone) {
    return new Range(
        first.atStartOfDay(zone).toInstant(), last.plusDays(1).atStartOfDay(zone).toInstant());
  }
}
