package clicktide.postgres.sink;

import static clicktide.postgres.sink.RollupRig.TEN_DAYS_AGO;
import static clicktide.postgres.sink.RollupRig.TODAY;
import static clicktide.postgres.sink.RollupRig.days;
import static clicktide.postgres.sink.RollupRig.of;
import static clicktide.postgres.sink.RollupRig.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.count.HumanBotCount;
import clicktide.count.Outcome;
import clicktide.count.TestClicks;
import clicktide.enrich.Dimension;
import clicktide.enrich.EnrichedClick;
import clicktide.enrich.Traffic;
import clicktide.event.DeadLetter;
import clicktide.event.Identity;
import clicktide.event.Minute;
import clicktide.event.OwnerId;
import clicktide.event.ShedReport;
import clicktide.event.TrackingMode;
import clicktide.postgres.CountedLog;
import clicktide.postgres.Migrations;
import clicktide.postgres.maintenance.DeadLetterShipper;
import clicktide.postgres.maintenance.VisitorKeys;
import clicktide.store.AnalyticsTarget;
import clicktide.store.Await;
import clicktide.store.Batch;
import clicktide.store.DeadLetters;
import clicktide.store.LedgerReader;
import clicktide.store.Rollups.CountKey;
import clicktide.store.Rollups.Filter;
import clicktide.store.Rollups.RollupQuery;
import clicktide.store.Rollups.TopLink;
import clicktide.store.Sink;
import clicktide.store.SinkContract;
import clicktide.store.Unavailable;
import clicktide.wire.EnvelopeCodec;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What rollups have to do on every flavour of PostgreSQL (D1, E1, E4). */
abstract class RollupsContract extends SinkContract {
  private RollupRig rig;

  RollupsContract() {
    super(NOW);
  }

  /** The address of an empty database. */
  abstract String freshDatabase();

  abstract Migrations.Flavour flavour();

  @Override
  protected void prepare() throws SQLException {
    rig = new RollupRig(URI.create(freshDatabase()));
    assertThat(rig.flavour).isEqualTo(flavour());
  }

  @AfterEach
  void close() {
    rig.close();
  }

  @Override
  protected Sink writer() {
    return rig.writer();
  }

  @Override
  protected long counted(long link) {
    var bounds = List.of(NOW.minusSeconds(1_800), NOW.plusSeconds(60));
    return rig.total(link, bounds).total();
  }

  @Test
  @DisplayName("G5: the same id with another payload is a dead letter, and the first one counts")
  void anotherPayloadIsADeadLetter() throws Exception {
    var first = TestClicks.collected("same", 1, NOW);
    var other = TestClicks.collected("same", 1, NOW.minusSeconds(60));
    rig.count(first, logged(other, 7));
    rig.count(logged(other, 8), first);

    assertThat(counted(1)).isEqualTo(1);
    var letters = rig.shippedLetters();
    assertThat(letters)
        .extracting(DeadLetter::reason)
        .containsExactly(DeadLetter.Reason.ID_CONFLICT, DeadLetter.Reason.ID_CONFLICT);
    var kept = EnvelopeCodec.decode(letters.getFirst().bytes()).events().getFirst().decode();
    assertThat(kept).isEqualTo(other.click());
    assertThat(rig.entry(1, NOW.minusSeconds(600)))
        .isEqualTo(new LedgerReader.LedgerEntry(4, 1, 1, LedgerReader.Filtered.NONE, 2, 0, 0));
    assertThat(rig.shippedLetters()).as("letters that are shipped a second time").isEmpty();
  }

  @Test
  @DisplayName("G5: counting goes on while the dead-letter topic refuses, and no letter is lost")
  void aTopicThatRefusesStopsNoCounting() throws Exception {
    rig.count(
        TestClicks.collected("same", 1, NOW),
        TestClicks.collected("same", 1, NOW.minusSeconds(60)));
    DeadLetters refusing =
        _ -> {
          throw new Unavailable("not now");
        };
    try (var shipper = new DeadLetterShipper(rig.database, refusing)) {
      assertThatThrownBy(shipper::ship).isInstanceOf(Unavailable.class);
    }
    rig.count(TestClicks.visit(1, NOW));

    assertThat(counted(1)).isEqualTo(2);
    assertThat(rig.shippedLetters()).hasSize(1);
  }

  @Test
  @DisplayName("G5: a batch that is refused leaves no dead letter")
  void aRefusedBatchLeavesNoDeadLetter() throws Exception {
    var zombie = takeOver(rig.sink, 0);
    takeOver(rig.writer(), 0);
    var clash =
        List.of(
            TestClicks.collected("same", 1, NOW),
            TestClicks.collected("same", 1, NOW.minusSeconds(60)));

    assertThatThrownBy(() -> rig.sink.apply(TOPIC, List.of(batch(0, zombie, 100, clash))))
        .isInstanceOf(Sink.BatchRefused.class);

    assertThat(rig.shippedLetters()).isEmpty();
  }

  @Test
  @DisplayName(
      "C3: values that were admitted stay admitted when many other links were counted since")
  void admittedValuesAreNotForgotten() throws Exception {
    countBrowsers(0, 90);
    for (var link = 2; link < 40; link++) {
      var crowd = new ArrayList<EnrichedClick>();
      for (var number = 0; number < 200; number++) {
        crowd.add(browser(link * 1_000 + number, "browser"));
      }
      rig.count(crowd.toArray(EnrichedClick[]::new));
    }
    countBrowsers(90, 1_100);
    var bounds = List.of(NOW.minusSeconds(3_600), NOW.plusSeconds(60));
    var counts =
        Await.on(rig.rollups.clicks(RollupRig.query(1, bounds, Dimension.BROWSER)))
            .orElseThrow(IllegalStateException::new);

    assertThat(counts.get(new CountKey(0, List.of("browser 999"))).total()).isEqualTo(1);
    assertThat(counts.get(new CountKey(0, List.of(Dimension.OTHER))).total()).isEqualTo(100);
  }

  @Test
  @DisplayName(
      "R5: a sink that goes on after a restore writes no value under the number of another")
  void aRestoredDatabaseLacksValues() throws Exception {
    var sink = writer();
    var before = takeOver(sink, 1);
    sink.apply(TOPIC, List.of(batch(1, before, 100, List.of(browser(1, "lost")))));
    rig.execute("DELETE FROM click_row");
    rig.execute("DELETE FROM dimension_value WHERE value = 'lost'");
    rig.execute(
        "DO $$ BEGIN PERFORM setval(pg_get_serial_sequence('dimension_value', 'id'), max(id)) FROM dimension_value; END $$");
    rig.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
    rig.count(browser(2, "new"));

    assertThatThrownBy(() -> sink.apply(TOPIC, List.of(batch(1, before, 110, List.of()))))
        .isInstanceOf(IllegalStateException.class);
    var after = takeOver(sink, 1);
    sink.apply(TOPIC, List.of(batch(1, after, 110, List.of(browser(1, "lost")))));

    var bounds = List.of(NOW, NOW.plusSeconds(60));
    for (var link : List.of(1, 2)) {
      assertThat(rig.clicks(query(link, bounds, Dimension.BROWSER)).keySet())
          .containsExactly(new CountKey(0, List.of(link == 1 ? "lost" : "new")));
    }
  }

  @Test
  @DisplayName("C3: values that no kept row uses are deleted, and one that comes again counts")
  void unusedValuesAreDeleted() throws SQLException {
    var later = NOW.plus(70, ChronoUnit.DAYS);
    rig.count(browser(1, "gone", NOW), browser(1, "used", NOW));
    rig.count(browser(1, "used", NOW.plus(40, ChronoUnit.DAYS)));
    rig.refresh(later);
    assertThat(rig.ask("SELECT value FROM dimension_value WHERE value IN ('gone', 'used')"))
        .containsExactly("used");

    rig.count(browser(2, "gone", later));

    assertThat(browsers(1, NOW, later)).isEqualTo(Map.of("used", 1L));
    assertThat(browsers(2, NOW, later)).isEqualTo(Map.of("gone", 1L));
  }

  @Test
  @DisplayName("C3: values of kept rows are kept, and so is the value of old columns")
  void valuesInUseAreKept() throws SQLException {
    rig.count(browser(1, "used", NOW));
    rig.refresh(NOW.plus(33, ChronoUnit.DAYS));

    assertThat(browsers(1, NOW, NOW)).isEqualTo(Map.of("used", 1L));
    assertThat(rig.ask("SELECT value FROM dimension_value WHERE id = 0")).hasSize(1);
  }

  @Test
  @DisplayName("C3: frequent values of the day before have room when a stranger fills a day")
  void frequentValuesHaveRoom() {
    var yesterday = NOW.minus(1, ChronoUnit.DAYS);
    for (var clicks = 0; clicks < 3; clicks++) {
      rig.count(browser(1, "frequent", yesterday), browser(1, "also frequent", yesterday));
    }
    rig.count(browser(1, "once", yesterday), browser(2, "of another link", yesterday));
    countBrowsers(0, 1_100);
    rig.count(browser(1, "frequent"), browser(1, "once"));
    rig.takeOverAgain();
    rig.count(browser(1, "frequent"), browser(1, "also frequent"), browser(1, "new"));

    var counts = browsers(1, NOW, NOW);
    assertThat(counts)
        .containsEntry("frequent", 2L)
        .containsEntry("also frequent", 1L)
        .containsEntry(Dimension.OTHER, 102L + 2)
        .doesNotContainKeys("once", "new")
        .hasSize(1_001);
    assertThat(counts.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(1_105);
  }

  private Map<String, Long> browsers(long link, Instant from, Instant to) {
    var found = new HashMap<String, Long>();
    rig.clicks(query(link, List.of(from, to.plusSeconds(60)), Dimension.BROWSER))
        .forEach((key, clicks) -> found.put(key.values().getFirst(), clicks.total()));
    return found;
  }

  /** Counts one click per browser in batches of ten. */
  private void countBrowsers(int from, int to) {
    for (var first = from; first < to; first += 10) {
      rig.count(
          IntStream.range(first, first + 10)
              .mapToObj(number -> browser(1, "browser " + number))
              .toArray(EnrichedClick[]::new));
    }
  }

  private static EnrichedClick logged(EnrichedClick click, long offset) {
    return TestClicks.at(click, new EnrichedClick.Logged(click.loggedAt(), offset, 0));
  }

  private static EnrichedClick browser(long link, String browser) {
    return browser(link, browser, NOW);
  }

  private static EnrichedClick browser(long link, String browser, Instant at) {
    return TestClicks.with(TestClicks.visit(link, at), Dimension.BROWSER, browser);
  }

  @Test
  @DisplayName("rule 6: received = counted + duplicate + rejected + shed, each counted on its own")
  void theLedgerAddsUp() {
    var at = takeOver(rig.sink, 0);
    var visits =
        List.of(
            TestClicks.visit(1, NOW), TestClicks.visit(1, NOW), TestClicks.collected("a", 1, NOW));
    var repeats = List.of(TestClicks.visit(1, NOW), TestClicks.collected("a", 1, NOW));
    List<Outcome> outcomes =
        List.of(
            new Outcome.Counted(visits.get(0)),
            new Outcome.Duplicate(repeats.get(0)),
            new Outcome.Counted(visits.get(1)),
            new Outcome.Shed(shed(1, 7)),
            new Outcome.Counted(visits.get(2)),
            new Outcome.Counted(repeats.get(1)),
            new Outcome.Rejected(TestClicks.click(1, NOW)),
            new Outcome.Shed(shed(0, 3)));
    var reached = new Batch.Reached(NOW, Set.of(), "whole", Batch.EndedNodes.NONE);
    rig.sink.apply(TOPIC, List.of(new Batch(0, at.token(), 100, 110, outcomes, reached)));
    List<Outcome> again = List.of(new Outcome.Shed(shed(1, 5)));
    rig.sink.apply(TOPIC, List.of(new Batch(0, at.token(), 110, 120, again, reached)));

    var entry = rig.entry(1, NOW.minusSeconds(60));

    assertThat(entry)
        .isEqualTo(new LedgerReader.LedgerEntry(13, 3, 2, LedgerReader.Filtered.NONE, 1, 7, 3));
    assertThat(entry.counted() + entry.duplicate() + entry.rejected() + entry.shed())
        .isEqualTo(entry.received());
    var owner =
        rig.ledger
            .entry(new AnalyticsTarget.OwnerTarget(TestClicks.OWNER), NOW, NOW.plusSeconds(60))
            .await();
    assertThat(owner.shed()).isEqualTo(10);
  }

  @Test
  @DisplayName(
      "C11: what owners do not want counted is received and filtered, once, with its reason")
  void whatOwnersDoNotWantCounted() {
    var own = TestClicks.handled(TestClicks.visit(1, NOW), TrackingMode.OWN_TRAFFIC);
    var off = TestClicks.handled(TestClicks.collected("a", 1, NOW), TrackingMode.TRACKING_OFF);
    rig.count(own, off, TestClicks.visit(1, NOW));
    rig.count(off);

    assertThat(counted(1)).isEqualTo(1);
    assertThat(rig.entry(1, NOW.minusSeconds(60)))
        .isEqualTo(new LedgerReader.LedgerEntry(4, 1, 1, new LedgerReader.Filtered(1, 1), 0, 0, 0));
  }

  @Test
  @DisplayName("G4: a fence that is deleted takes its ended nodes along")
  void aNewFenceHasNoEndedNode() throws SQLException {
    var position = takeOver(rig.sink, 0);
    rig.sink.apply(TOPIC, List.of(ended(0, position, 100, Map.of(-7L, "seven"), Set.of())));

    rig.execute("DELETE FROM fence");

    assertThat(takeOver(rig.sink, 0).ended()).isEmpty();
  }

  @Test
  @DisplayName("C11: a verdict moves clicks from people to machines, once, and no total changes")
  void aVerdictMovesClicks() {
    var at = takeOver(rig.sink, 0);
    var clicks =
        List.of(TestClicks.visit(1, NOW), TestClicks.visit(1, NOW), TestClicks.visit(1, NOW));
    var id = Identity.Collected.of(TestClicks.OWNER, "a verdict");
    var example = TestClicks.visit(TestClicks.click(id, 1, NOW), Traffic.HUMAN, "DE", "firefox", 1);
    var verdict = new Outcome.Reclassified(example, 2);
    var reached = new Batch.Reached(NOW, Set.of(), "whole", Batch.EndedNodes.NONE);
    var outcomes = new ArrayList<>(TestClicks.counted(clicks));
    outcomes.add(verdict);
    rig.sink.apply(TOPIC, List.of(new Batch(0, at.token(), 100, 110, outcomes, reached)));
    rig.sink.apply(TOPIC, List.of(new Batch(0, at.token(), 110, 120, List.of(verdict), reached)));

    var bounds = List.of(NOW, NOW.plusSeconds(60));
    assertThat(rig.total(1, bounds)).isEqualTo(new HumanBotCount(1, 2));
    assertThat(rig.entry(1, NOW))
        .isEqualTo(new LedgerReader.LedgerEntry(3, 3, 0, LedgerReader.Filtered.NONE, 0, 0, 0));
    assertThat(rig.clicks(query(1, bounds, Dimension.BOT)))
        .isEqualTo(
            Map.of(
                new CountKey(0, List.of("")), new HumanBotCount(1, 0),
                new CountKey(0, List.of("rate")), new HumanBotCount(0, 2)));
    var people = query(1, bounds, Dimension.BROWSER).withTraffic(Optional.of(Traffic.HUMAN));
    assertThat(rig.clicks(people))
        .isEqualTo(Map.of(new CountKey(0, List.of("firefox")), new HumanBotCount(1, 0)));
  }

  private static ShedReport shed(long link, long clicks) {
    return new ShedReport(1, 1, 0, link, TestClicks.OWNER, Minute.of(NOW), clicks);
  }

  @Test
  @DisplayName("G9: a click of the day before yesterday changes its bucket and leaves a correction")
  void aVeryLateClickLeavesACorrection() throws SQLException {
    var old = TEN_DAYS_AGO.plusSeconds(3_600);
    rig.count(TestClicks.visit(1, old));
    rig.count(
        TestClicks.logged(TestClicks.visit(1, old), NOW),
        TestClicks.logged(TestClicks.visit(1, old), NOW));
    rig.count(TestClicks.logged(TestClicks.visit(1, NOW.minusSeconds(3_600)), NOW));

    assertThat(rig.total(1, days(TEN_DAYS_AGO, 1)).total()).isEqualTo(3);
    var rows =
        rig.pool
            .query("SELECT clicks_before, clicks_after, cause, corrected_at FROM correction")
            .execute()
            .await();
    assertThat(rows.size()).isEqualTo(1);
    var row = rows.iterator().next();
    assertThat(row.getLong("clicks_before")).isEqualTo(1);
    assertThat(row.getLong("clicks_after")).isEqualTo(3);
    assertThat(row.getOffsetDateTime("corrected_at").toInstant()).isEqualTo(NOW);
  }

  @Test
  @DisplayName("X19: another log, or one with other partitions, is refused loudly")
  void anotherLogIsRefused() throws SQLException {
    CountedLog.require(rig.database, "a", 12);
    CountedLog.require(rig.database, "a", 12);

    assertThatThrownBy(() -> CountedLog.require(rig.database, "b", 12))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("another log");
    assertThatThrownBy(() -> CountedLog.require(rig.database, "a", 16))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  @DisplayName("migrating twice changes nothing, and the flavour stays")
  void migratingTwiceChangesNothing() throws SQLException {
    rig.count(TestClicks.visit(1, NOW));

    assertThat(Migrations.migrate(rig.database)).isEqualTo(flavour());
    assertThat(counted(1)).isEqualTo(1);
  }

  @Test
  @DisplayName(
      "D1: days are the same before and after they are refreshed, and when late clicks come")
  void daysAreTheSameBeforeAndAfterTheyAreRefreshed() throws SQLException {
    rig.count(
        TestClicks.visit(1, TEN_DAYS_AGO), TestClicks.visit(1, TEN_DAYS_AGO.plusSeconds(86_399)));
    rig.count(TestClicks.visit(1, TEN_DAYS_AGO.plus(1, ChronoUnit.DAYS)), TestClicks.visit(1, NOW));
    var bounds = days(TEN_DAYS_AGO, 11);
    var fresh = rig.clicks(query(1, bounds));
    assertThat(fresh)
        .isEqualTo(
            Map.of(
                new CountKey(0, List.of()), new HumanBotCount(2, 0),
                new CountKey(1, List.of()), new HumanBotCount(1, 0),
                new CountKey(10, List.of()), new HumanBotCount(1, 0)));

    assertThat(rig.refresh()).isEqualTo(2);
    assertThat(rig.clicks(query(1, bounds))).isEqualTo(fresh);

    rig.count(TestClicks.visit(1, TEN_DAYS_AGO.plusSeconds(5)));
    assertThat(rig.total(1, bounds)).isEqualTo(new HumanBotCount(5, 0));
    assertThat(rig.refresh()).isEqualTo(1);
    assertThat(rig.total(1, bounds)).isEqualTo(new HumanBotCount(5, 0));
    assertThat(rig.refresh()).isZero();
  }

  @Test
  @DisplayName("D1: refreshed days are read from the aggregate, not from rows")
  void refreshedDaysAreReadFromTheAggregate() throws SQLException {
    rig.count(TestClicks.visit(1, TEN_DAYS_AGO), TestClicks.visit(2, TEN_DAYS_AGO));
    rig.refresh();
    rig.execute("DELETE FROM click_row WHERE link = 1");

    assertThat(rig.total(1, days(TEN_DAYS_AGO, 1))).isEqualTo(new HumanBotCount(1, 0));
    assertThat(rig.rollups.topLinks(TestClicks.OWNER, TEN_DAYS_AGO, TODAY, 10).await())
        .isEmpty(); // no such links
  }

  @Test
  @DisplayName("a mark that was renewed while its day was refreshed stays")
  void aMarkThatWasRenewedStays() throws SQLException {
    rig.count(TestClicks.visit(1, TEN_DAYS_AGO));
    rig.execute(
        """
        CREATE FUNCTION renew() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN NEW.version := OLD.version + 1; RETURN NEW; END $$""");
    rig.execute(
        "CREATE TRIGGER renew BEFORE UPDATE ON written_day FOR EACH ROW EXECUTE FUNCTION renew()");

    rig.refresh();

    rig.execute("DROP TRIGGER renew ON written_day");
    assertThat(rig.refresh()).isEqualTo(1);
    assertThat(rig.total(1, days(TEN_DAYS_AGO, 1))).isEqualTo(new HumanBotCount(1, 0));
  }

  @Test
  @DisplayName("E1: breakdowns, filters and visitors")
  void breakdownsFiltersAndVisitors() {
    rig.count(
        TestClicks.visit(TestClicks.click(1, NOW), Traffic.HUMAN, "DE", "firefox", 11),
        TestClicks.visit(TestClicks.click(1, NOW), Traffic.HUMAN, "DE", "safari", 12),
        TestClicks.visit(TestClicks.click(1, NOW), Traffic.HUMAN, "FR", "firefox", 11),
        TestClicks.visit(TestClicks.click(1, NOW), Traffic.BOT, "US", "crawler", 13),
        TestClicks.visit(TestClicks.click(2, NOW), Traffic.HUMAN, "DE", "firefox", 14));
    var bounds = List.of(NOW, NOW.plusSeconds(60));

    var byCountry = rig.clicks(query(1, bounds, Dimension.COUNTRY));
    assertThat(byCountry)
        .isEqualTo(
            Map.of(
                new CountKey(0, List.of("DE")), new HumanBotCount(2, 0),
                new CountKey(0, List.of("FR")), new HumanBotCount(1, 0),
                new CountKey(0, List.of("US")), new HumanBotCount(0, 1)));

    var onlyFirefoxNotInFrance =
        query(1, bounds, Dimension.COUNTRY, Dimension.BROWSER)
            .withFilters(
                List.of(
                    new Filter(Dimension.BROWSER, true, Set.of("firefox", "opera")),
                    new Filter(Dimension.COUNTRY, false, Set.of("FR"))));
    assertThat(rig.clicks(onlyFirefoxNotInFrance))
        .isEqualTo(Map.of(new CountKey(0, List.of("DE", "firefox")), new HumanBotCount(1, 0)));

    assertThat(visitors(query(1, bounds)))
        .isEqualTo(Map.of(new CountKey(0, List.of()), Set.of(11L, 12L, 13L)));
    var people = query(1, bounds).withTraffic(Optional.of(Traffic.HUMAN));
    assertThat(visitors(people)).isEqualTo(Map.of(new CountKey(0, List.of()), Set.of(11L, 12L)));
  }

  private Map<CountKey, Set<Long>> visitors(RollupQuery query) {
    var found = new HashMap<CountKey, Set<Long>>();
    rig.rollups
        .visitors(query, (key, hash) -> found.computeIfAbsent(key, _ -> new HashSet<>()).add(hash))
        .await();
    return found;
  }

  @Test
  @DisplayName("G10: texts that no store takes are cleaned, and stop nothing")
  void textsThatNoStoreTakesAreCleaned() {
    var click = TestClicks.click(1, NOW);
    rig.count(
        TestClicks.visit(click, Traffic.HUMAN, "DE", "a\u0000b\ud800c", 1),
        TestClicks.visit(
            TestClicks.click(1, NOW), Traffic.HUMAN, "DE", "\ud83c\udf0a".repeat(200), 1));

    var found = rig.clicks(query(1, List.of(NOW, NOW.plusSeconds(60)), Dimension.BROWSER));

    assertThat(found)
        .containsOnlyKeys(
            new CountKey(0, List.of("abc")), new CountKey(0, List.of("\ud83c\udf0a".repeat(128))));
  }

  @Test
  @DisplayName("another topic is refused loudly")
  void anotherTopicIsRefused() {
    rig.count(TestClicks.visit(1, NOW));

    assertThatThrownBy(() -> writer().takeOver("made anew", 0, () -> 0))
        .hasMessageContaining("cannot count topic made anew");
  }

  @Test
  @DisplayName("E4: buckets of any width and offset are exact")
  void bucketsOfAnyWidthAreExact() {
    var start = TEN_DAYS_AGO.plus(Duration.ofMinutes(18 * 60 + 15)); // midnight in Nepal
    rig.count(
        TestClicks.visit(1, start.minusSeconds(1)),
        TestClicks.visit(1, start),
        TestClicks.visit(1, start.plusSeconds(86_399)));
    rig.count(TestClicks.visit(1, start.plusSeconds(86_400)));

    assertThat(rig.clicks(query(1, days(start, 1))))
        .isEqualTo(Map.of(new CountKey(0, List.of()), new HumanBotCount(2, 0)));
  }

  @Test
  @DisplayName(
      "E4: quarters of links and owners are those of the rows, refreshed, dirty or today's")
  void quartersAreThoseOfTheRows() throws SQLException {
    rig.owner();
    var links = List.of(rig.link("one").id(), rig.link("two").id());
    var random = new Random(11);
    var minutes = Duration.between(TEN_DAYS_AGO, NOW).toMinutes();
    var times = new ArrayList<Instant>();
    for (var round = 0; round < 4; round++) {
      var visits = new ArrayList<EnrichedClick>();
      for (var i = 0; i < 200; i++) {
        var at = TEN_DAYS_AGO.plus(Duration.ofMinutes((long) (random.nextDouble() * minutes)));
        times.add(at);
        visits.add(TestClicks.visit(links.get(i % 2), at));
      }
      rig.count(visits.toArray(EnrichedClick[]::new));
      if (round != 2) { // so that some days are dirty in the next one
        rig.refresh();
      }
      for (var width : List.of(15, 45, 60, 1_440, 4_320)) {
        var start = TEN_DAYS_AGO.plus(Duration.ofMinutes(15L * random.nextInt(200)));
        var bounds = new ArrayList<Instant>();
        for (var at = start; at.isBefore(NOW); at = at.plus(Duration.ofMinutes(width))) {
          bounds.add(at);
        }
        var expected = new TreeMap<Integer, Long>();
        for (var at : times) {
          for (var bucket = 0; bucket < bounds.size() - 1; bucket++) {
            if (!at.isBefore(bounds.get(bucket)) && at.isBefore(bounds.get(bucket + 1))) {
              expected.merge(bucket, 1L, Long::sum);
            }
          }
        }
        assertThat(sums(new AnalyticsTarget.OwnerTarget(TestClicks.OWNER), bounds))
            .isEqualTo(expected);
        var both = new TreeMap<Integer, Long>();
        links.forEach(
            link -> sums(of(link), bounds).forEach((b, n) -> both.merge(b, n, Long::sum)));
        assertThat(both).isEqualTo(expected);
      }
    }
  }

  private Map<Integer, Long> sums(AnalyticsTarget target, List<Instant> bounds) {
    var sums = new TreeMap<Integer, Long>();
    rig.clicks(RollupQuery.of(target, bounds))
        .forEach((key, clicks) -> sums.put(key.bucket(), clicks.total()));
    return sums;
  }

  @Test
  @DisplayName("D1: a day that is written while it is read has all before, and perhaps what comes")
  void aDayThatIsWrittenWhileItIsRead() throws SQLException {
    for (var clicks = 0; clicks < 20; clicks++) {
      rig.refresh();
      var asked = rig.rollups.clicks(query(1, days(TEN_DAYS_AGO, 1)));
      rig.count(TestClicks.visit(1, TEN_DAYS_AGO.plusSeconds(clicks)));

      var found =
          asked.await().orElseThrow(IllegalStateException::new).values().stream()
              .mapToLong(HumanBotCount::total)
              .sum();
      assertThat(found).isBetween((long) clicks, clicks + 1L);
    }
  }

  @Test
  @DisplayName("D1: refreshed quarters are read from the aggregate, not from rows")
  void refreshedQuartersAreReadFromTheAggregate() throws SQLException {
    rig.count(
        TestClicks.visit(1, TEN_DAYS_AGO.plusSeconds(900)),
        TestClicks.visit(1, TEN_DAYS_AGO.plusSeconds(1_800)));
    rig.refresh();
    rig.execute("DELETE FROM click_row WHERE link = 1");

    var bounds = List.of(TEN_DAYS_AGO.plusSeconds(900), TEN_DAYS_AGO.plusSeconds(1_800));
    assertThat(rig.total(1, bounds)).isEqualTo(new HumanBotCount(1, 0));
  }

  @Test
  @DisplayName("E2: the leaderboard sums whole days, dirty days and the ends of a range")
  void theLeaderboard() throws SQLException {
    rig.owner();
    var first = rig.link("first");
    var second = rig.link("second");
    rig.count(
        TestClicks.visit(first.id(), TEN_DAYS_AGO), TestClicks.visit(second.id(), TEN_DAYS_AGO));
    rig.count(TestClicks.visit(first.id(), TEN_DAYS_AGO.plus(2, ChronoUnit.DAYS)));
    rig.refresh();
    rig.count(
        TestClicks.visit(second.id(), TEN_DAYS_AGO.plus(2, ChronoUnit.DAYS)),
        TestClicks.visit(second.id(), NOW));

    var all = rig.rollups.topLinks(TestClicks.OWNER, TEN_DAYS_AGO, NOW.plusSeconds(60), 10).await();
    assertThat(all)
        .containsExactly(
            new TopLink("second", new HumanBotCount(3, 0)),
            new TopLink("first", new HumanBotCount(2, 0)));
    var withinADay =
        rig.rollups
            .topLinks(
                TestClicks.OWNER, TEN_DAYS_AGO.plusSeconds(60), TEN_DAYS_AGO.plusSeconds(120), 10)
            .await();
    assertThat(withinADay).isEmpty();
    assertThat(rig.rollups.topLinks(new OwnerId(1), TEN_DAYS_AGO, NOW, 10).await()).isEmpty();
    var hours =
        rig.rollups
            .topLinks(TestClicks.OWNER, TEN_DAYS_AGO, TEN_DAYS_AGO.plusSeconds(60), 1)
            .await();
    assertThat(hours).containsExactly(new TopLink("first", new HumanBotCount(1, 0)));
  }

  @Test
  @DisplayName("C8: keys of visitors are the same for every process, kept for three days")
  void keysOfVisitors() throws SQLException {
    var today = NOW.atOffset(java.time.ZoneOffset.UTC).toLocalDate();
    var one = new VisitorKeys(rig.database, InstantSource.fixed(NOW), new Random(1));
    var other = new VisitorKeys(rig.database, InstantSource.fixed(NOW), new Random(2));
    one.renew();
    other.renew();

    assertThat(one.of(today)).isPresent();
    assertThat(one.of(today).get()).isEqualTo(other.of(today).get());
    assertThat(one.of(today.plusDays(2))).isPresent();
    assertThat(one.of(today.minusDays(4))).isEmpty();

    var later =
        new VisitorKeys(
            rig.database, InstantSource.fixed(NOW.plus(4, ChronoUnit.DAYS)), new Random(3));
    later.renew();
    assertThat(later.of(today)).isEmpty();
  }
}
