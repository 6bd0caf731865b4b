package clicktide.postgres.query;

import static clicktide.postgres.sink.RollupRig.NOW;
import static clicktide.postgres.sink.RollupRig.TEN_DAYS_AGO;
import static clicktide.postgres.sink.RollupRig.TODAY;
import static clicktide.postgres.sink.RollupRig.days;
import static clicktide.postgres.sink.RollupRig.query;
import static clicktide.time.Eventually.eventually;
import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.count.HumanBotCount;
import clicktide.count.TestClicks;
import clicktide.enrich.Dimension;
import clicktide.enrich.EnrichedClick;
import clicktide.enrich.Traffic;
import clicktide.postgres.SqlStatement;
import clicktide.postgres.sink.RollupRig;
import clicktide.store.AnalyticsTarget;
import clicktide.store.Rollups.CountKey;
import clicktide.store.Rollups.RollupQuery;
import clicktide.store.Rollups.TopLink;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The behaviour of history on every flavour of PostgreSQL: bounded dimensions, retention, and
 * aggregates that are made after their base rows (D1, D5, E7).
 */
@Timeout(60)
abstract class HistoryContract {
  private RollupRig rig;

  /** The address of an empty database. */
  abstract String freshDatabase();

  @BeforeEach
  void open() throws SQLException {
    rig = new RollupRig(URI.create(freshDatabase()));
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private HumanBotCount owned(Instant from, int days) {
    return rig
        .clicks(RollupQuery.of(new AnalyticsTarget.OwnerTarget(TestClicks.OWNER), days(from, days)))
        .values()
        .stream()
        .reduce(HumanBotCount.NONE, HumanBotCount::plus);
  }

  private static EnrichedClick browser(String browser, Instant at) {
    return TestClicks.visit(TestClicks.click(1, at), Traffic.HUMAN, "DE", browser, 1);
  }

  private List<CountKey> browsers() {
    var bounds = List.of(NOW, NOW.plusSeconds(60));
    return List.copyOf(rig.clicks(query(1, bounds, Dimension.BROWSER)).keySet());
  }

  @Test
  @DisplayName("F4: a link keeps at most 1,000 values of a dimension per day, and sums stay")
  void valuesAreCapped() {
    var visits = new ArrayList<EnrichedClick>();
    for (var i = 0; i < 1_200; i++) {
      visits.add(browser("browser " + i, NOW));
    }
    rig.count(visits.subList(0, 700).toArray(EnrichedClick[]::new));
    rig.count(visits.subList(700, 1_200).toArray(EnrichedClick[]::new));
    rig.takeOverAgain(); // what was admitted is known to the next owner
    rig.count(browser("browser 3", NOW), browser("browser of late", NOW));
    rig.count(browser("browser of tomorrow", NOW.plus(1, ChronoUnit.DAYS)));

    assertThat(browsers()).hasSize(1_001);
    assertThat(browsers())
        .contains(new CountKey(0, List.of("browser 3")), new CountKey(0, List.of(Dimension.OTHER)))
        .doesNotContain(new CountKey(0, List.of("browser of late")));
    assertThat(rig.total(1, days(TODAY, 2)).total()).isEqualTo(1_203);
  }

  @Test
  @DisplayName("D5: days beyond the retention of counts are dropped, younger ones stay")
  void oldDaysAreDropped() throws SQLException {
    var kept = RollupRig.RETENTION.dropBefore(NOW);
    var old = kept.minus(40, ChronoUnit.DAYS); // so that a whole chunk of everything is as old
    rig.count(
        TestClicks.visit(1, old), TestClicks.visit(1, kept), TestClicks.visit(1, TEN_DAYS_AGO));
    rig.refresh(old.plus(1, ChronoUnit.DAYS));
    assertThat(rig.total(1, days(old, 80)).total()).isEqualTo(3);

    rig.refresh();

    assertThat(rig.total(1, days(old, 1)).total()).isZero();
    assertThat(rig.ask("SELECT count(*) FROM click_row WHERE minute < '%s'".formatted(kept)))
        .containsExactly("0");
    assertThat(rig.total(1, days(kept, 1)).total()).isEqualTo(1);
    assertThat(owned(TEN_DAYS_AGO, 1).total()).isEqualTo(1);
  }

  @Test
  @DisplayName("D5: late clicks never rebuild the aggregates of a day whose rows were dropped")
  void aDroppedDayIsNeverMadeAgain() throws SQLException {
    var kept = RollupRig.RETENTION.dropBefore(NOW);
    var dropped = kept.minus(1, ChronoUnit.DAYS);
    rig.count(TestClicks.visit(1, dropped), TestClicks.visit(1, kept), TestClicks.visit(1, kept));
    rig.refresh(kept.plus(1, ChronoUnit.DAYS));
    rig.refresh();

    rig.count(TestClicks.visit(1, dropped));
    rig.refresh();

    assertThat(rig.total(1, days(kept, 1)).total()).isEqualTo(2);
  }

  @Test
  @DisplayName("D1: a day that is refreshed before older days hides none of them")
  void aDayRefreshedFirstHidesNone() throws SQLException {
    rig.count(
        TestClicks.visit(1, TEN_DAYS_AGO),
        TestClicks.visit(1, TEN_DAYS_AGO.plus(3, ChronoUnit.DAYS)));
    rig.execute(
        "CALL refresh_rollups('%s', '%s')"
            .formatted(
                TEN_DAYS_AGO.plus(3, ChronoUnit.DAYS), TEN_DAYS_AGO.plus(4, ChronoUnit.DAYS)));

    assertThat(rig.total(1, days(TEN_DAYS_AGO, 10)).total()).isEqualTo(2);
  }

  @Test
  @DisplayName("D1: today is never frozen by a refresh")
  void todayIsNeverFrozen() throws SQLException {
    rig.owner();
    var link = rig.link("one").id();
    rig.count(TestClicks.visit(link, TODAY), TestClicks.visit(link, TEN_DAYS_AGO));
    rig.refresh();
    rig.count(TestClicks.visit(link, NOW));
    rig.refresh();

    assertThat(rig.total(link, days(TODAY, 1)).total()).isEqualTo(2);
    assertThat(owned(TODAY, 1).total()).isEqualTo(2);
    assertThat(rig.ask("SELECT day FROM link_day WHERE day >= '%s'".formatted(TODAY))).isEmpty();
  }

  @Test
  @DisplayName("E2: past minutes of the running day are read from its quarters")
  void minutesThatAreOver() throws SQLException {
    rig.owner();
    var link = rig.link("one").id();
    var through = NOW.plusSeconds(120); // behind what an empty database holds
    rig.count(TestClicks.visit(link, TODAY), TestClicks.visit(link, TODAY));
    rig.refreshMinutes(through.plusSeconds(10));
    rig.execute("DELETE FROM click_row");
    rig.count(TestClicks.visit(link, through), TestClicks.visit(link, through.plusSeconds(3_600)));

    assertThat(rig.total(link, days(TODAY, 2)).total()).isEqualTo(4);
    assertThat(owned(TODAY, 2).total()).isEqualTo(4);
    assertThat(top(TODAY, through)).containsExactly(new TopLink("one", clicks(2)));
    assertThat(top(TODAY, through.plusSeconds(60))).containsExactly(new TopLink("one", clicks(3)));
  }

  @Test
  @DisplayName("E2: a quarter grows by new minutes, and is made again if an earlier one is written")
  void quartersGrow() throws SQLException {
    rig.owner();
    var link = rig.link("one").id();
    var quarter = Coverage.ceiling(NOW, Coverage.QUARTER).plusSeconds(900);
    var bounds = List.of(quarter, quarter.plusSeconds(900));
    rig.count(TestClicks.visit(link, quarter.plusSeconds(60)));
    rig.refreshMinutes(quarter.plusSeconds(130));
    rig.execute("DELETE FROM click_row");
    rig.count(TestClicks.visit(link, quarter.plusSeconds(180)));
    rig.refreshMinutes(quarter.plusSeconds(250));
    assertThat(rig.total(link, bounds).total()).isEqualTo(2);
    assertThat(owned(TODAY, 2).total()).isEqualTo(2);

    rig.count(TestClicks.visit(link, quarter.plusSeconds(60)));
    rig.refreshMinutes(quarter.plusSeconds(250));
    assertThat(rig.total(link, bounds).total()).isEqualTo(2); // the deleted row is not in it
    assertThat(owned(TODAY, 2).total()).isEqualTo(2);
  }

  private List<TopLink> top(Instant from, Instant to) {
    return rig.rollups.topLinks(TestClicks.OWNER, from, to, 10).await();
  }

  private static HumanBotCount clicks(long human) {
    return new HumanBotCount(human, 0);
  }

  @Test
  @DisplayName("E1: a tag selects links of an owner, in aggregates and in base rows")
  void linksWithATag() throws SQLException {
    rig.owner();
    var links = List.of(rig.link("one").id(), rig.link("two").id(), rig.link("three").id());
    rig.execute("UPDATE link SET tags = '{a,b}' WHERE code = 'one'");
    rig.execute("UPDATE link SET tags = '{b}' WHERE code = 'two'");
    for (var at : List.of(TEN_DAYS_AGO, TODAY)) {
      for (var link : links) {
        rig.count(TestClicks.visit(link, at), TestClicks.visit(link, at));
      }
    }
    rig.refresh();
    rig.count(TestClicks.visit(links.get(1), TEN_DAYS_AGO));

    for (var tags : Map.of(List.of("b"), 9, List.of("a", "b"), 4, List.of("c"), 0).entrySet()) {
      var tagged =
          rig.rollups
              .tagged(TestClicks.OWNER, tags.getKey())
              .await()
              .orElseThrow(IllegalStateException::new);
      for (var dimensions : List.of(List.<Dimension>of(), List.of(Dimension.COUNTRY))) {
        var query =
            RollupQuery.of(
                    new AnalyticsTarget.OwnerTarget(TestClicks.OWNER), days(TEN_DAYS_AGO, 11))
                .withDimensions(dimensions)
                .withLinks(tagged);
        assertThat(rig.clicks(query).values().stream().mapToLong(HumanBotCount::total).sum())
            .as("%s by %s", tags.getKey(), dimensions)
            .isEqualTo(tags.getValue().longValue());
      }
    }
  }

  @Test
  @DisplayName("E2: the running day is the sum of its clicks, in any order of writes and refreshes")
  void theRunningDayIsTheSumOfItsClicks() throws SQLException {
    rig.owner();
    var link = rig.link("one").id();
    var random = new Random(14);
    var written = new ArrayList<Instant>();
    var now = TODAY.minusSeconds(7_200);
    rig.execute("UPDATE quarters_through SET through = '%s'".formatted(now));
    for (var round = 0; round < 40; round++) {
      now = now.plusSeconds(random.nextInt(1_200));
      var visits = new ArrayList<EnrichedClick>();
      for (var i = random.nextInt(6); i >= 0; i--) {
        var at = now.minusSeconds((long) (Math.pow(random.nextDouble(), 4) * 100_000) - 600);
        visits.add(TestClicks.visit(link, at));
        written.add(at);
      }
      rig.count(visits.toArray(EnrichedClick[]::new));
      switch (random.nextInt(4)) {
        case 0 -> rig.refresh(now);
        case 1 -> rig.refreshMinutes(now.plusSeconds(random.nextInt(1_800) - 900)); // another clock
        case 2 -> rig.refreshMinutes(now);
        default -> {}
      }
      var from = now.minusSeconds(random.nextInt(100_000)).truncatedTo(ChronoUnit.MINUTES);
      var to = from.plusSeconds(60L * (1 + random.nextInt(2_000)));
      var expected = written.stream().filter(at -> !at.isBefore(from) && at.isBefore(to)).count();
      assertThat(top(from, to).stream().mapToLong(one -> one.clicks().total()).sum())
          .as("round %d, [%s, %s)", round, from, to)
          .isEqualTo(expected);
      for (var unit : List.of(Coverage.QUARTER, Coverage.DAY)) {
        var bounds = List.of(Coverage.floor(from, unit), Coverage.ceiling(to, unit));
        var count =
            written.stream()
                .filter(at -> !at.isBefore(bounds.getFirst()) && at.isBefore(bounds.getLast()))
                .count();
        assertThat(rig.total(link, bounds).total())
            .as("round %d, %s", round, bounds)
            .isEqualTo(count);
      }
    }
  }

  @Test
  @DisplayName("E2: leaders have the sum of their clicks, in any order of writes and refreshes")
  void leadersHaveTheSumOfTheirClicks() throws SQLException {
    rig.owner();
    var links = List.of(rig.link("one"), rig.link("two"), rig.link("three"));
    var random = new Random(23);
    var written = new ArrayList<Followed>();
    var wholeWeeks = 0;
    for (var round = 0; round < 30; round++) {
      var visits = new ArrayList<EnrichedClick>();
      for (var i = random.nextInt(20); i >= 0; i--) {
        var link = links.get(random.nextInt(3));
        var at = NOW.minusSeconds(random.nextInt(28 * 86_400));
        visits.add(TestClicks.visit(link.id(), at));
        written.add(new Followed(link.code(), at));
      }
      rig.count(visits.toArray(EnrichedClick[]::new));
      if (random.nextInt(3) == 0) {
        rig.refresh();
      }
      wholeWeeks += weeks();
      var from = NOW.minusSeconds(random.nextInt(28 * 86_400)).truncatedTo(ChronoUnit.MINUTES);
      var to = from.plusSeconds(60L * (1 + random.nextInt(28 * 1_440)));
      assertThat(top(from, to))
          .as("round %d, [%s, %s)", round, from, to)
          .containsExactlyInAnyOrderElementsOf(
              written.stream()
                  .filter(one -> !one.at.isBefore(from) && one.at.isBefore(to))
                  .collect(Collectors.groupingBy(Followed::code, Collectors.counting()))
                  .entrySet()
                  .stream()
                  .map(one -> new TopLink(one.getKey(), clicks(one.getValue())))
                  .toList());
    }
    assertThat(wholeWeeks).isPositive();
  }

  private record Followed(String code, Instant at) {}

  private int weeks() throws SQLException {
    return rig.ask("SELECT week FROM whole_week").size();
  }

  @Test
  @DisplayName("E2: a whole week is read from its sum, until a day of it is written")
  void aWholeWeekIsReadFromItsSum() throws SQLException {
    rig.owner();
    var link = rig.link("one").id();
    var monday = NOW.atOffset(UTC).with(TemporalAdjusters.previous(DayOfWeek.MONDAY)).toInstant();
    var week = Coverage.floor(monday, Coverage.DAY).minus(14, ChronoUnit.DAYS);
    rig.count(TestClicks.visit(link, week), TestClicks.visit(link, week.minusSeconds(1)));
    rig.refresh();
    rig.execute("UPDATE link_week SET human = 100 WHERE week = '%s'".formatted(week));

    assertThat(top(week.minusSeconds(60), NOW)).containsExactly(new TopLink("one", clicks(101)));
    assertThat(top(week.plus(1, ChronoUnit.DAYS), NOW))
        .containsExactly(new TopLink("one", clicks(99)));
    assertThat(top(week.plus(4, ChronoUnit.DAYS), NOW)).isEmpty();

    rig.count(TestClicks.visit(link, week.plus(7, ChronoUnit.DAYS).minusSeconds(1)));
    assertThat(top(week, NOW)).containsExactly(new TopLink("one", clicks(2)));
    rig.refresh();
    assertThat(top(week, NOW)).containsExactly(new TopLink("one", clicks(2)));
    assertThat(rig.ask("SELECT sum(human) FROM link_week")).containsExactly("3");

    rig.refresh(week.plus(40, ChronoUnit.DAYS)); // so long after it that its days are dropped
    assertThat(rig.ask("SELECT week FROM link_week UNION SELECT week FROM summed_week")).isEmpty();
  }

  @Test
  @DisplayName("E2: a week that is written while it is summed is not whole")
  void aWeekThatIsWrittenMeanwhile() throws SQLException {
    rig.count(TestClicks.visit(1, TODAY.minus(20, ChronoUnit.DAYS)));
    rig.execute(
        """
        CREATE FUNCTION write() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN UPDATE written_day SET version = version + 1; RETURN NULL; END $$""");
    rig.execute(
        "CREATE TRIGGER write AFTER INSERT ON link_week FOR EACH STATEMENT EXECUTE FUNCTION write()");
    rig.refresh();

    assertThat(rig.ask("SELECT week FROM summed_week")).hasSize(1);
    assertThat(weeks()).isZero();
    rig.execute("DROP TRIGGER write ON link_week");
    rig.refresh();
    assertThat(weeks()).isEqualTo(1);
  }

  @Test
  @DisplayName(
      "D1: aggregates of owners and quarters are refreshed with the days of links, late clicks included")
  void whatHangsBelowIsMade() throws SQLException {
    rig.owner();
    var link = rig.link("one").id();
    rig.count(TestClicks.visit(link, TEN_DAYS_AGO));
    rig.refresh();
    rig.count(TestClicks.visit(link, TEN_DAYS_AGO.plusSeconds(60)));
    rig.refresh();
    rig.execute("DELETE FROM click_row");

    assertThat(owned(TEN_DAYS_AGO, 1).total()).isEqualTo(2);
    assertThat(rig.total(link, days(TEN_DAYS_AGO, 1)).total()).isEqualTo(2);
  }

  @Test
  @DisplayName("R5: clicks of a link that the database lost count for its owner in every answer")
  void clicksOfALostLink() throws SQLException {
    rig.owner();
    var lost = 77L;
    rig.count(TestClicks.visit(rig.link("one").id(), NOW), TestClicks.visit(lost, NOW));
    rig.count(TestClicks.visit(lost, NOW), TestClicks.visit(lost, TEN_DAYS_AGO));
    for (var isRefreshed : List.of(false, true)) {
      if (isRefreshed) {
        rig.refresh();
      }
      var owner = new AnalyticsTarget.OwnerTarget(TestClicks.OWNER);
      var minutes = RollupQuery.of(owner, List.of(TEN_DAYS_AGO, NOW.plusSeconds(60)));
      for (var dimensions : List.of(List.<Dimension>of(), List.of(Dimension.COUNTRY))) {
        assertThat(rig.clicks(minutes.withDimensions(dimensions)).values())
            .as("%s, refreshed: %s", dimensions, isRefreshed)
            .containsExactly(clicks(4));
      }
      assertThat(owned(TEN_DAYS_AGO, 11).total()).isEqualTo(4);
      var ledger = rig.ledger.entry(owner, TEN_DAYS_AGO, NOW.plusSeconds(60)).await();
      assertThat(ledger.counted()).isEqualTo(4);
    }
    assertThat(rig.ask("SELECT id FROM lost_link")).containsExactly("77");
  }

  @Test
  @DisplayName("D1: rows that are written during the refresh of a day are read as base rows")
  void rowsWrittenMeanwhileAreRead() throws Exception {
    rig.refresh(); // makes the partitions of the next days, which would wait for the writer
    rig.count(TestClicks.visit(1, TEN_DAYS_AGO));
    CompletableFuture<Integer> refreshed;
    try (var writer = rig.database.connect()) {
      writer.setAutoCommit(false);
      copyRow(writer);
      mark(writer);
      refreshed = CompletableFuture.supplyAsync(this::refresh);
      awaitWaiting(refreshed);
      writer.commit();
    }

    assertThat(refreshed.get()).isEqualTo(1);
    assertThat(rig.total(1, days(TEN_DAYS_AGO, 1)).total()).isEqualTo(2);
    assertThat(rig.refresh()).isEqualTo(1);
    assertThat(rig.total(1, days(TEN_DAYS_AGO, 1)).total()).isEqualTo(2);
  }

  private int refresh() {
    try {
      return rig.refresh();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void copyRow(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(
          "CREATE TEMPORARY TABLE one ON COMMIT DROP AS SELECT * FROM click_row LIMIT 1");
      statement.execute("INSERT INTO click_row SELECT * FROM one");
    }
  }

  private static void mark(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(
          "UPDATE written_day SET version = version + 1 WHERE day = '%s'".formatted(TEN_DAYS_AGO));
      statement.execute(
          "UPDATE dirty_minute SET version = version + 1 WHERE minute = '%s'"
              .formatted(TEN_DAYS_AGO));
    }
  }

  /** Waits until the refresher waits for the writer's mark of the day, or is done. */
  private void awaitWaiting(CompletableFuture<Integer> refreshed) {
    eventually("the refresher waits for the mark or is done")
        .until(
            () ->
                refreshed.isDone()
                    || !rig.ask(
                            "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                                + " AND datname = current_database() AND query LIKE 'UPDATE written_day%'")
                        .isEmpty());
  }

  @Test
  @DisplayName("D1: one of several concurrent refreshers works, and none fails")
  void ofSeveralRefreshersOneWorks() throws Exception {
    for (var day = 0; day < 5; day++) {
      rig.count(TestClicks.visit(1, TEN_DAYS_AGO.plus(day, ChronoUnit.DAYS)));
    }
    var one = CompletableFuture.supplyAsync(this::refresh);
    var other = CompletableFuture.supplyAsync(this::refresh);

    assertThat(one.get() + other.get()).isEqualTo(5);
    assertThat(rig.refresh()).isZero();
    assertThat(rig.total(1, days(TEN_DAYS_AGO, 10)).total()).isEqualTo(5);
  }

  @Test
  @DisplayName("D1: a window of incomplete days is widened to whole days")
  void aWindowIsWidened() throws SQLException {
    rig.count(
        TestClicks.visit(1, TEN_DAYS_AGO), TestClicks.visit(1, TEN_DAYS_AGO.plusSeconds(86_399)));

    rig.execute(
        "CALL refresh_rollups('%s', '%s')"
            .formatted(TEN_DAYS_AGO.plusSeconds(21_600), TEN_DAYS_AGO.plusSeconds(28_800)));

    assertThat(rig.ask("SELECT sum(human) FROM link_day")).containsExactly("2");
  }

  @Test
  @DisplayName("D1: the procedures can commit inside")
  void theProceduresMayCommit() throws SQLException {
    assertThat(
            rig.ask(
                """
                SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind = 'p'
                  AND proname IN ('refresh_rollups', 'refresh_quarters', 'close_day', 'sum_weeks') AND NOT prosecdef AND proconfig IS NULL
                ORDER BY 1"""))
        .containsExactly("close_day", "refresh_quarters", "refresh_rollups", "sum_weeks");
  }

  @Test
  @DisplayName("D1: any number of late clicks of a closed day is appended and counted")
  void lateClicksOfAClosedDay() throws SQLException {
    var visits = new ArrayList<EnrichedClick>();
    for (var i = 0; i < 2_000; i++) {
      visits.add(TestClicks.visit(1 + i % 7, TEN_DAYS_AGO.plusSeconds(i * 40L)));
    }
    rig.count(visits.toArray(EnrichedClick[]::new));
    rig.refresh(); // and the day is closed
    rig.count(visits.subList(0, 1_000).toArray(EnrichedClick[]::new));

    assertThat(total()).isEqualTo(3_000);
    rig.refresh();
    assertThat(total()).isEqualTo(3_000);
    assertThat(rig.ask("SELECT sum(human) FROM click_row")).containsExactly("3000");
  }

  private long total() {
    var sum = 0L;
    for (var link = 1; link <= 7; link++) {
      sum += rig.total(link, days(TEN_DAYS_AGO, 1)).total();
    }
    return sum;
  }

  @Test
  @DisplayName("G18: a consumer that refuses a visitor ends the stream and frees the connection")
  void aRefusedVisitor() {
    var minutes =
        IntStream.range(0, 1_300)
            .mapToObj(i -> TestClicks.visit(1, TEN_DAYS_AGO.plus(i, ChronoUnit.MINUTES)));
    rig.count(minutes.toArray(EnrichedClick[]::new));
    for (var i = 0; i < 8; i++) { // the pool has four connections
      var visitors = new AtomicInteger();
      var read =
          rig.rollups.visitors(
              query(1, days(TEN_DAYS_AGO, 1)),
              (_, _) -> {
                if (visitors.incrementAndGet() > 10) {
                  throw new IllegalStateException("enough");
                }
              });
      assertThatThrownBy(read::await).hasMessage("enough");
      assertThat(visitors).hasValueLessThan(600); // the rows of one fetch
    }
    assertThat(rig.total(1, days(TEN_DAYS_AGO, 1)).total()).isEqualTo(1_300);
  }

  @Test
  @DisplayName("D1: a statement reads only the chunks of its range")
  void onlyTheChunksOfTheRange() throws SQLException {
    var first = TODAY.minus(25, ChronoUnit.DAYS);
    for (var day = 0; day <= 25; day++) {
      rig.count(TestClicks.visit(1, first.plus(day, ChronoUnit.DAYS)));
    }
    rig.refresh();
    rig.count(TestClicks.visit(1, TEN_DAYS_AGO)); // dirty

    var filtered = query(1, days(TEN_DAYS_AGO, 3), Dimension.COUNTRY);
    assertThat(rowChunks(RowQuery.clicks(filtered, List.of(), 10))).hasSize(3);
    assertThat(rowChunks(RowQuery.visitors(filtered, List.of()))).hasSize(3);
    var sums = query(1, days(first, 25));
    var oneQuarter = new Coverage(List.of(TEN_DAYS_AGO), List.of(TEN_DAYS_AGO), TODAY);
    assertThat(rowChunks(AggregateQuery.of(sums, oneQuarter))).hasSize(1);
    var everything = new Coverage(List.of(), List.of(), TODAY);
    assertThat(rowChunks(AggregateQuery.of(sums, everything))).isEmpty();
  }

  /** The parts of the base rows that a statement touches. */
  private Set<String> rowChunks(SqlStatement query) throws SQLException {
    var ofRows = new TreeSet<>(chunksOfRows());
    var touched = new TreeSet<String>();
    var plan =
        rig.pool
            .preparedQuery("EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF) " + query.text())
            .execute(query.parameters())
            .await();
    for (var line : plan) {
      var text = line.getString(0);
      var name = Pattern.compile(" on (?:[a-z_]+\\.)?([a-z0-9_]+)").matcher(text);
      if (name.find() && ofRows.contains(name.group(1)) && !text.contains("never executed")) {
        touched.add(name.group(1));
      }
    }
    return touched;
  }

  /** The names of the parts of the base rows. */
  abstract String chunks();

  private List<String> chunksOfRows() throws SQLException {
    return rig.ask(chunks());
  }
}
