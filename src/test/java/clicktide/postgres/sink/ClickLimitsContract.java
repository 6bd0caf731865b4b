package clicktide.postgres.sink;

import static clicktide.postgres.sink.RollupRig.NOW;
import static clicktide.postgres.sink.RollupRig.TEN_DAYS_AGO;
import static clicktide.store.SinkContract.TOPIC;
import static clicktide.store.SinkContract.batch;
import static clicktide.store.SinkContract.takeOver;
import static org.assertj.core.api.Assertions.assertThat;

import clicktide.count.TestClicks;
import clicktide.enrich.EnrichedClick;
import clicktide.link.Link;
import clicktide.postgres.SharedPool;
import clicktide.postgres.control.PostgresLinks;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Limits of human clicks on every flavour of PostgreSQL: exact, and no obstacle to sinks (A7). */
@Timeout(60)
abstract class ClickLimitsContract {
  private RollupRig rig;
  private Link link;

  /** The address of an empty database. */
  abstract String freshDatabase();

  @BeforeEach
  void open() throws SQLException {
    rig = new RollupRig(URI.create(freshDatabase()));
    rig.owner();
    link = rig.link("limited");
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private static boolean limit(Connection connection, Link link, Long atMost) throws SQLException {
    try (var statement = connection.prepareStatement("SELECT limit_clicks(?, ?)")) {
      statement.setLong(1, link.id());
      statement.setObject(2, atMost);
      try (var row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  private boolean limit(Link link, Long atMost) throws SQLException {
    try (var connection = rig.database.connectToWrite()) {
      return limit(connection, link, atMost);
    }
  }

  private List<String> counters() throws SQLException {
    return rig.ask("SELECT people FROM click_limit ORDER BY link");
  }

  private List<String> provisional() throws SQLException {
    return rig.ask("SELECT link FROM click_limit WHERE provisional_since IS NOT NULL");
  }

  private String state() throws SQLException {
    return rig.ask("SELECT state FROM link WHERE id = " + link.id()).getFirst();
  }

  @Test
  @DisplayName("a transaction that sets a limit stops no sink, whatever link it counts")
  void aLimitStopsNoSink() throws SQLException {
    var other = rig.link("other");
    rig.count(TestClicks.visit(link.id(), NOW));
    try (var owner = rig.database.connectToWrite()) {
      owner.setAutoCommit(false);
      limit(owner, link, 5L);
      rig.count(TestClicks.visit(other.id(), NOW), TestClicks.visit(link.id(), NOW));
      owner.commit();
    }
    rig.refreshMinutes(NOW);

    assertThat(counters()).containsExactly("2");
    assertThat(provisional()).isEmpty();
  }

  @Test
  @DisplayName("a limit knows all clicks that were counted before it, on clean and dirty days")
  void clicksBeforeTheLimit() throws SQLException {
    rig.count(TestClicks.visit(link.id(), TEN_DAYS_AGO), TestClicks.visit(link.id(), NOW));
    rig.refresh();
    rig.count(TestClicks.visit(link.id(), TEN_DAYS_AGO.plus(1, ChronoUnit.DAYS)));

    assertThat(limit(link, 4L)).isFalse();
    assertThat(limit(link, 3L)).isTrue();
    assertThat(limit(link, null)).isFalse();
    assertThat(limit(link, 3L)).isTrue();
    assertThat(counters()).containsExactly("3");
  }

  @Test
  @DisplayName("clicks of a sink that looked for a limit before it was set are added, once")
  void clicksThatASinkHadUnderWay() throws SQLException {
    rig.count(TestClicks.visit(link.id(), NOW));
    try (var writer = rig.database.connectToWrite();
        var statement = writer.createStatement()) {
      writer.setAutoCommit(false);
      statement.execute("UPDATE fence SET next = next + 10");
      statement.execute("CREATE TEMPORARY TABLE one AS SELECT * FROM click_row LIMIT 1");
      statement.execute("INSERT INTO click_row SELECT * FROM one");
      statement.execute(
          "CALL count_toward_limits(ARRAY[%d], ARRAY[1])".formatted(link.id())); // finds none
      assertThat(limit(link, 2L)).isFalse();
      rig.refreshMinutes(NOW);
      assertThat(provisional()).hasSize(1);
      writer.commit();
    }
    rig.refreshMinutes(NOW);
    rig.refreshMinutes(NOW);

    assertThat(provisional()).isEmpty();
    assertThat(counters()).containsExactly("2");
    assertThat(state()).isEqualTo("EXHAUSTED");
  }

  @Test
  @DisplayName("counters are exact while sinks count and owners set, change and remove limits")
  void countersAreExact() throws Exception {
    var links = List.of(link, rig.link("two"), rig.link("three"));
    rig.execute(
        """
        CREATE FUNCTION slow_commit() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_sleep(0.3) WHERE random() < 0.05; RETURN NULL; END $$""");
    rig.execute(
        """
        CREATE CONSTRAINT TRIGGER slow_commit AFTER UPDATE ON fence DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION slow_commit()""");
    var isOver = new AtomicBoolean();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var writers = new ArrayList<Future<?>>();
      for (var partition = 0; partition < 3; partition++) {
        var number = partition;
        writers.add(threads.submit(() -> write(number, links)));
      }
      var others =
          List.of(
              threads.submit(() -> setLimits(links, isOver)),
              threads.submit(() -> makeFinal(isOver)));
      try {
        all(writers);
      } finally {
        isOver.set(true);
      }
      all(others);
    }
    rig.refreshMinutes(NOW);
    assertThat(
            rig.ask(
                """
                SELECT code FROM link JOIN click_limit c ON c.link = id
                WHERE c.most IS DISTINCT FROM click_limit OR (people >= most) <> (state = 'EXHAUSTED')"""))
        .isEmpty();

    for (var one : links) {
      limit(one, 500L); // a link that has a counter keeps it
    }
    rig.refreshMinutes(NOW);
    assertThat(provisional()).isEmpty();
    assertThat(counters()).hasSize(3);
    assertThat(wrong()).isEmpty();
  }

  /** Final counters that are not the sum of their clicks, in one snapshot. */
  private List<String> wrong() throws SQLException {
    return rig.ask(
        """
        SELECT people || ' is not ' || clicks FROM click_limit c, LATERAL (
          SELECT coalesce(sum(human), 0) AS clicks FROM click_row r WHERE r.link = c.link) counted
        WHERE provisional_since IS NULL AND people <> clicks""");
  }

  private Void setLimits(List<Link> links, AtomicBoolean isOver) throws SQLException {
    var random = new Random(7);
    while (!isOver.get()) {
      change(links.get(random.nextInt(3)), random);
      takeBack(links.get(random.nextInt(3)), random);
      assertThat(wrong()).isEmpty();
    }
    return null;
  }

  private static void all(List<? extends Future<?>> tasks)
      throws ExecutionException, InterruptedException {
    for (var task : tasks) {
      task.get();
    }
  }

  private Void write(int partition, List<Link> links) {
    var random = new Random(partition);
    try (var sink = rig.writer()) {
      var position = takeOver(sink, partition);
      for (var from = position.next(); from < position.next() + 600; from += 10) {
        var clicks = new ArrayList<EnrichedClick>();
        for (var i = random.nextInt(6); i >= 0; i--) {
          clicks.add(TestClicks.visit(links.get(random.nextInt(3)).id(), NOW));
        }
        sink.apply(TOPIC, List.of(batch(NOW, partition, position, from, clicks)));
      }
    }
    return null;
  }

  private void change(Link some, Random random) {
    var limits = new PostgresLinks(rig.pool, new SharedPool(rig.pool), random, 0);
    var found = limits.find(some.code()).await().orElseThrow();
    var most =
        random.nextInt(3) == 0 ? Optional.<Long>empty() : Optional.of(1L + random.nextInt(400));
    limits
        .change(
            found,
            found.rules(),
            new Link.Notes(Optional.empty(), List.of(), Optional.empty(), most))
        .await();
  }

  private Void makeFinal(AtomicBoolean isOver) throws SQLException {
    try (var connection = rig.database.connect();
        var statement = connection.createStatement()) {
      while (!isOver.get()) {
        statement.execute("CALL finalize_click_limits()");
      }
    }
    return null;
  }

  private void takeBack(Link some, Random random) throws SQLException {
    try (var connection = rig.database.connectToWrite()) {
      connection.setAutoCommit(false);
      limit(connection, some, random.nextBoolean() ? null : 3L);
      connection.rollback();
    }
  }
}
