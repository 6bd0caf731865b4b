package clicktide.postgres.sink;

import static clicktide.store.SinkContract.TOPIC;
import static clicktide.store.SinkContract.batch;
import static clicktide.store.SinkContract.takeOver;

import clicktide.count.HumanBotCount;
import clicktide.count.TestClicks;
import clicktide.enrich.Dimension;
import clicktide.enrich.EnrichedClick;
import clicktide.event.DeadLetter;
import clicktide.http.ApiKey;
import clicktide.link.Link;
import clicktide.link.Link.Rules;
import clicktide.link.LinkDraft;
import clicktide.postgres.Database;
import clicktide.postgres.Migrations;
import clicktide.postgres.OwnersView;
import clicktide.postgres.SharedPool;
import clicktide.postgres.control.PostgresLinks;
import clicktide.postgres.control.PostgresOwners;
import clicktide.postgres.maintenance.DeadLetterShipper;
import clicktide.postgres.maintenance.Refresher;
import clicktide.postgres.query.PostgresLedgerReader;
import clicktide.postgres.query.PostgresRollups;
import clicktide.store.AnalyticsTarget;
import clicktide.store.LedgerReader;
import clicktide.store.Retention;
import clicktide.store.Rollups.CountKey;
import clicktide.store.Rollups.RollupQuery;
import clicktide.store.Sink;
import clicktide.store.SinkContract;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/** An empty database of rollups with everything that reads and writes it, for tests. */
public final class RollupRig implements AutoCloseable {
  public static final Instant NOW = SinkContract.NOW;
  public static final Instant TODAY = NOW.truncatedTo(ChronoUnit.DAYS);
  public static final Instant TEN_DAYS_AGO = TODAY.minus(10, ChronoUnit.DAYS);
  public static final Retention RETENTION = new Retention(Duration.ofDays(7), Duration.ofDays(32));

  public final Migrations.Flavour flavour;
  public final Database database;
  public final Pool pool;
  public final OwnersView views;
  public final PostgresRollups rollups;
  public final PostgresLedgerReader ledger;
  public final Sink sink;
  private final Vertx vertx = Vertx.vertx();
  private Optional<Sink.Position> position = Optional.empty();
  private long next;

  public RollupRig(URI address) throws SQLException {
    database = Database.at(address);
    flavour = Migrations.migrate(database);
    pool = database.pool(vertx, "test", 4);
    views = new OwnersView(new SharedPool(pool));
    rollups = new PostgresRollups(pool, views);
    ledger = new PostgresLedgerReader(views);
    sink = writer();
    execute("UPDATE quarters_through SET through = least(through, '%s')".formatted(NOW));
  }

  public Sink writer() {
    return new RollupSink(database, UUID::randomUUID, new SimpleMeterRegistry());
  }

  /** Ships the dead letters of the outbox and returns them. */
  public List<DeadLetter> shippedLetters() throws SQLException {
    var letters = new ArrayList<DeadLetter>();
    try (var shipper = new DeadLetterShipper(database, letters::addAll)) {
      shipper.ship();
    }
    return letters;
  }

  /** Another process takes the partition over. */
  public void takeOverAgain() {
    position = Optional.empty();
  }

  public void count(EnrichedClick... visits) {
    if (position.isEmpty()) {
      position = Optional.of(takeOver(sink, 0));
      next = position.get().next();
    }
    sink.apply(TOPIC, List.of(batch(NOW, 0, position.get(), next, List.of(visits))));
    next += 10;
  }

  public HumanBotCount total(long link, List<Instant> bounds) {
    return clicks(query(link, bounds)).values().stream()
        .reduce(HumanBotCount.NONE, HumanBotCount::plus);
  }

  /** Reads the clicks of a query that has few rows. */
  public Map<CountKey, HumanBotCount> clicks(RollupQuery query) {
    return rollups
        .clicks(query)
        .await()
        .orElseThrow(() -> new IllegalStateException("too many rows"));
  }

  public static AnalyticsTarget of(long link) {
    return new AnalyticsTarget.LinkTarget(link, TestClicks.OWNER);
  }

  public static RollupQuery query(long link, List<Instant> bounds, Dimension... dimensions) {
    return RollupQuery.of(of(link), bounds).withDimensions(List.of(dimensions));
  }

  public static List<Instant> days(Instant from, int count) {
    var bounds = new ArrayList<Instant>();
    for (var day = 0; day <= count; day++) {
      bounds.add(from.plus(day, ChronoUnit.DAYS));
    }
    return bounds;
  }

  public LedgerReader.LedgerEntry entry(long link, Instant from) {
    return ledger.entry(of(link), from, NOW.plusSeconds(60)).await();
  }

  public int refresh() throws SQLException {
    return refresh(NOW);
  }

  public int refresh(Instant now) throws SQLException {
    return refresher(now).refresh();
  }

  public void refreshMinutes(Instant now) throws SQLException {
    refresher(now).refreshMinutes();
  }

  private Refresher refresher(Instant now) {
    return new Refresher(database, RETENTION, InstantSource.fixed(now), new SimpleMeterRegistry());
  }

  /** The owner of all clicks in tests. */
  public void owner() {
    new PostgresOwners(pool)
        .create(TestClicks.OWNER, "Ada", ApiKey.random(new Random()).first(TestClicks.OWNER))
        .await();
  }

  /** The links of every owner. */
  public PostgresLinks links() {
    return new PostgresLinks(pool, new SharedPool(pool), new Random(), 0);
  }

  public Link link(String code) {
    return links()
        .create(
            new LinkDraft(
                TestClicks.OWNER,
                Optional.of(code),
                Rules.to("https://example.com/"),
                Link.Notes.NONE))
        .await()
        .created()
        .orElseThrow();
  }

  public void execute(String sql) throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of each row of an answer. */
  public List<String> ask(String sql) throws SQLException {
    var answer = new ArrayList<String>();
    try (var connection = database.connect();
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      while (row.next()) {
        answer.add(row.getString(1));
      }
    }
    return answer;
  }

  @Override
  public void close() {
    sink.close();
    pool.close().await();
    vertx.close().await();
  }
}
