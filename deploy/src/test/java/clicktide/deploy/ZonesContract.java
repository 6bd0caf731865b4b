package clicktide.deploy;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import clicktide.embedded.TestServers;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random events over thirteen months, with every change of the clocks of a year, asked for in zones
 * with every kind of oddity: each series has to be what counting the events by their local time
 * gives (E4).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
abstract class ZonesContract {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int EVENTS = 2_400;
  private static final Duration DEADLINE = Duration.ofMinutes(4);
  private static final Duration OLDEST = Duration.ofDays(400);

  /** The name of an event's bucket, from its local time. */
  private static final Map<String, Function<ZonedDateTime, String>> LABELS =
      Map.of(
          "quarter", at -> hour(at) + " " + at.getMinute() / 15,
          "hour", ZonesContract::hour,
          "day", at -> at.toLocalDate().toString(),
          "week",
              at ->
                  at.get(IsoFields.WEEK_BASED_YEAR)
                      + " "
                      + at.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR),
          "month", at -> YearMonth.from(at).toString());

  private final List<Instant> events = new ArrayList<>();
  private Installation here;
  private Main product;
  private String key;
  private String code;

  /** The address of a PostgreSQL server. */
  abstract String server();

  private static String hour(ZonedDateTime at) {
    return at.getHour()
        + " "
        + at.toLocalDate()
        + at.getOffset(); // an hour that the clock shows twice is two
  }

  @BeforeAll
  void count(@TempDir Path data) throws Exception {
    here = new Installation(data);
    var settings = here.settings(TestServers.freshSettings(server()));
    product = Main.start(settings, Clock.systemUTC());
    key = here.key("owner");
    var made =
        here.api(key, "POST", "/v1/links", "{\"destination\": \"https://example.com/zones\"}");
    code = JSON.readTree(made.body()).path("code").textValue();
    var random = new Random(4);
    var now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    for (var i = 0; i < EVENTS; i++) {
      events.add(now.minusSeconds((long) (random.nextDouble() * OLDEST.toSeconds())));
    }
    var early = EVENTS * 7 / 8;
    send(0, early);
    product.close();
    product = Main.start(settings, Clock.systemUTC());
    var today = now.truncatedTo(ChronoUnit.DAYS);
    var days =
        events.subList(0, early).stream()
            .map(at -> at.truncatedTo(ChronoUnit.DAYS))
            .filter(today::isAfter)
            .distinct()
            .count();
    eventually("closed days are aggregated").atMost(DEADLINE).until(() -> refreshed() >= days);
    send(early, EVENTS); // makes some of them dirty again
  }

  private double refreshed() throws IOException, InterruptedException {
    return here.management("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("days_refreshed_total "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Sends events and waits until they are counted. */
  private void send(int from, int to) throws IOException, InterruptedException {
    for (var next = from; next < to; next += 500) {
      sendBatch(next, Math.min(to, next + 500));
    }
    eventually("%d clicks are counted".formatted(to)).atMost(DEADLINE).until(() -> counted() >= to);
  }

  private void sendBatch(int from, int to) throws IOException, InterruptedException {
    var batch = new ArrayList<String>();
    for (var i = from; i < to; i++) {
      batch.add(
          "{\"eventId\": \"zone-%d\", \"shortCode\": \"%s\", \"eventTime\": \"%s\"}"
              .formatted(i, code, events.get(i)));
    }
    var body = "{\"events\": [%s]}".formatted(String.join(",", batch));
    var answer = here.api(here.key("admin"), "POST", "/internal/click-events/batch", body);
    assertThat(JSON.readTree(answer.body()).path("accepted").intValue())
        .as(answer.body())
        .isEqualTo(to - from);
  }

  private long counted() throws IOException, InterruptedException {
    return ask("bucket=total&from=%s".formatted(events.stream().min(Instant::compareTo).get()))
        .at("/totals/clicks/total")
        .longValue();
  }

  private JsonNode ask(String query) throws IOException, InterruptedException {
    var answer = here.api(key, "GET", "/v1/links/%s/analytics?%s".formatted(code, query), "");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  @AfterAll
  void stop() {
    if (product != null) {
      product.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UTC",
        "Europe/Berlin",
        "America/Havana",
        "America/Santiago",
        "America/Asuncion",
        "America/St_Johns",
        "America/Scoresbysund",
        "Atlantic/Azores",
        "Africa/Casablanca",
        "Africa/Cairo",
        "Asia/Gaza",
        "Asia/Tehran",
        "Asia/Kathmandu",
        "Australia/Eucla",
        "Australia/Lord_Howe",
        "Antarctica/Troll",
        "Pacific/Marquesas",
        "Pacific/Chatham",
        "Pacific/Kiritimati",
        "Pacific/Apia"
      })
  @DisplayName("E4: every bucket has the events of its local time")
  void everyBucketIsRight(String name) throws Exception {
    var zone = ZoneId.of(name);
    var random = new Random(name.hashCode());
    var now = Instant.now();
    for (var bucket : List.of("day", "week", "month")) {
      check(bucket, zone, now.minus(OLDEST), now);
    }
    for (var bucket : List.of("hour", "quarter")) {
      var days = bucket.equals("hour") ? 60 : 15;
      for (var change : changes(zone, now)) { // around hours that are repeated or skipped
        check(bucket, zone, change.minus(Duration.ofDays(1)), change.plus(Duration.ofDays(1)));
      }
      var from = now.minus(OLDEST).plusSeconds(random.nextInt((int) OLDEST.toSeconds() / 2));
      check(bucket, zone, from, from.plus(Duration.ofDays(days)));
    }
  }

  @Test
  @DisplayName("E1: an owner with clicks on one link has the series of that link")
  void theOwnerIsTheSumOfTheLinks() throws Exception {
    var me = JSON.readTree(here.api(key, "GET", "/v1/me", "").body()).path("ownerId").textValue();
    var from = Instant.now().minus(OLDEST).truncatedTo(ChronoUnit.DAYS);
    for (var text :
        List.of(
            "bucket=day&from=" + from,
            "bucket=month&tz=Asia/Kathmandu&from=" + from,
            "metrics=clicks,scans&interval=30d")) {
      var path = "/v1/owners/%s/analytics?%s".formatted(me, text);
      var answer = here.api(key, "GET", path, "");
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      var owner = JSON.readTree(answer.body());
      assertThat(owner.path("series")).isEqualTo(ask(text).path("series"));
      assertThat(owner.path("totals")).isEqualTo(ask(text).path("totals"));
      assertThat(owner.at("/totals/clicks/total").longValue()).isPositive();
      assertThat(owner.path("ownerId").textValue()).isEqualTo(me);
    }
  }

  private static List<Instant> changes(ZoneId zone, Instant now) {
    var changes = new ArrayList<Instant>();
    var rules = zone.getRules();
    for (var next = rules.nextTransition(now.minus(OLDEST));
        next != null && next.getInstant().isBefore(now.minus(Duration.ofDays(2)));
        next = rules.nextTransition(next.getInstant())) {
      changes.add(next.getInstant());
    }
    return changes;
  }

  private void check(String bucket, ZoneId zone, Instant from, Instant to) throws Exception {
    var answer =
        ask(
            "bucket=%s&tz=%s&from=%s&to=%s"
                .formatted(
                    bucket,
                    zone,
                    from.truncatedTo(ChronoUnit.SECONDS),
                    to.truncatedTo(ChronoUnit.SECONDS)));
    var label = LABELS.get(bucket);
    var first = instant(answer.path("from"));
    var end = instant(answer.path("to"));
    assertThat(first).isBeforeOrEqualTo(from);
    assertThat(end).isAfterOrEqualTo(to.truncatedTo(ChronoUnit.SECONDS));
    var expected =
        events.stream()
            .filter(at -> !at.isBefore(first) && at.isBefore(end))
            .collect(
                Collectors.groupingBy(
                    at -> label.apply(at.atZone(zone)), TreeMap::new, Collectors.counting()));
    var found = new TreeMap<String, Long>();
    for (var row : answer.path("series")) {
      var start = instant(row.path("bucketStart")).atZone(zone);
      assertThat(row.path("bucketStart").textValue())
          .isEqualTo(DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(start.toOffsetDateTime()));
      assertThat(found).doesNotContainKey(label.apply(start));
      found.put(label.apply(start), row.path("clicks").longValue());
    }
    found.values().removeIf(clicks -> clicks == 0);
    assertThat(found).as("%s in %s from %s", bucket, zone, first).isEqualTo(expected);
    assertThat(answer.at("/totals/clicks/total").longValue())
        .isEqualTo(expected.values().stream().mapToLong(Long::longValue).sum());
  }

  private static Instant instant(JsonNode text) {
    return OffsetDateTime.parse(text.textValue()).toInstant();
  }
}
