package clicktide.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("E4: buckets on local clocks")
class BucketTest {
  private static List<Duration> widths(List<Instant> bounds) {
    var widths = new ArrayList<Duration>();
    for (var i = 1; i < bounds.size(); i++) {
      widths.add(Duration.between(bounds.get(i - 1), bounds.get(i)));
    }
    return widths;
  }

  private static List<Instant> days(String zone, String from, int count) {
    var start =
        ZonedDateTime.of(
            java.time.LocalDate.parse(from), java.time.LocalTime.NOON, ZoneId.of(zone));
    return Bucket.DAY.bounds(
        start.toInstant(), start.plusDays(count).toInstant(), ZoneId.of(zone), 1_500);
  }

  @Test
  @DisplayName("days have 23 and 25 hours when the clock changes")
  void daysWhereTheClockIsChanged() {
    assertThat(widths(days("Europe/Berlin", "2026-03-28", 2)))
        .containsExactly(Duration.ofHours(24), Duration.ofHours(23), Duration.ofHours(24));
    assertThat(widths(days("Europe/Berlin", "2026-10-24", 2)))
        .containsExactly(Duration.ofHours(24), Duration.ofHours(25), Duration.ofHours(24));
  }

  @Test
  @DisplayName("days begin at local midnight in zones with offsets of half and quarter hours")
  void daysInZonesOfQuarters() {
    assertThat(days("Asia/Kathmandu", "2026-05-01", 0).getFirst())
        .isEqualTo("2026-04-30T18:15:00Z");
    assertThat(days("Asia/Kolkata", "2026-05-01", 0).getFirst()).isEqualTo("2026-04-30T18:30:00Z");
  }

  @Test
  @DisplayName("an hour ends when the clock changes, and a skipped hour begins then")
  void hoursWhereTheClockIsPutByOddMinutes() {
    var chatham = ZoneId.of("Pacific/Chatham"); // 03:45 becomes 02:45 in April, 02:45 03:45 later
    var back = Instant.parse("2026-04-04T14:00:00Z"); // 03:45 summer time
    assertThat(widths(Bucket.HOUR.bounds(back.minusSeconds(1), back.plusSeconds(1), chatham, 9)))
        .containsExactly(Duration.ofMinutes(45), Duration.ofMinutes(15));
    var ahead = Instant.parse("2025-09-27T14:00:00Z");
    assertThat(Bucket.HOUR.bounds(ahead.plusSeconds(300), ahead.plusSeconds(301), chatham, 9))
        .containsExactly(ahead, ahead.plusSeconds(900));
  }

  @Test
  @DisplayName("weeks begin on Monday, months on the first, and the range is rounded outwards")
  void weeksAndMonths() {
    var from = Instant.parse("2026-05-06T10:00:00Z");
    var to = Instant.parse("2026-05-11T00:00:01Z");
    var utc = ZoneId.of("UTC");
    assertThat(Bucket.WEEK.bounds(from, to, utc, 9).stream().map(Instant::toString))
        .containsExactly("2026-05-04T00:00:00Z", "2026-05-11T00:00:00Z", "2026-05-18T00:00:00Z");
    assertThat(Bucket.MONTH.bounds(from, to, utc, 9).stream().map(Instant::toString))
        .containsExactly("2026-05-01T00:00:00Z", "2026-06-01T00:00:00Z");
    assertThat(Bucket.TOTAL.bounds(from.plusSeconds(1), to, utc, 9).stream().map(Instant::toString))
        .containsExactly("2026-05-06T10:00:00Z", "2026-05-11T00:01:00Z");
  }

  @ParameterizedTest
  @EnumSource(Bucket.class)
  @DisplayName("buckets cover a range without gap or overlap in every zone, clock changes included")
  void coverARange(Bucket bucket) {
    for (var name :
        List.of(
            "UTC",
            "Europe/Berlin",
            "America/New_York",
            "Australia/Lord_Howe",
            "Asia/Kathmandu",
            "America/Sao_Paulo",
            "Pacific/Apia",
            "Africa/Casablanca")) {
      var zone = ZoneId.of(name);
      for (var from :
          List.of(
              "2026-03-28T20:10:30Z",
              "2026-04-04T12:00:00Z",
              "2026-10-03T13:00:00Z",
              "2026-10-24T20:00:00Z",
              "2026-11-01T03:00:00Z")) {
        var start = Instant.parse(from);
        var end = start.plus(Duration.ofHours(15));
        var bounds = bucket.bounds(start, end, zone, 1_500);
        assertThat(bounds.getFirst()).isBeforeOrEqualTo(start);
        assertThat(bounds.getLast()).isAfterOrEqualTo(end);
        assertThat(widths(bounds)).allMatch(width -> width.compareTo(Duration.ZERO) > 0);
        if (bucket == Bucket.QUARTER || bucket == Bucket.HOUR) {
          assertThat(widths(bounds))
              .allMatch(width -> width.compareTo(Duration.ofMinutes(90)) <= 0);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 1_500})
  @DisplayName("bounds stop at one bucket more than the maximum")
  void stopWhenTheyAreTooMany(int most) {
    var bounds =
        Bucket.MINUTE.bounds(
            Instant.EPOCH, Instant.parse("2200-01-01T00:00:00Z"), ZoneId.of("UTC"), most);
    assertThat(bounds.size() - 1).isEqualTo(most + 1);
  }
}
