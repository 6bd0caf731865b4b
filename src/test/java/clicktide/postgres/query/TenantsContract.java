package clicktide.postgres.query;

import static clicktide.postgres.sink.RollupRig.NOW;
import static clicktide.postgres.sink.RollupRig.TEN_DAYS_AGO;
import static clicktide.postgres.sink.RollupRig.days;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.count.HumanBotCount;
import clicktide.count.TestClicks;
import clicktide.enrich.Dimension;
import clicktide.event.OwnerId;
import clicktide.http.ApiKey;
import clicktide.link.Link;
import clicktide.link.Link.Rules;
import clicktide.link.LinkDraft;
import clicktide.postgres.Database;
import clicktide.postgres.control.PostgresOwners;
import clicktide.postgres.sink.RollupRig;
import clicktide.store.AnalyticsTarget;
import clicktide.store.Rollups.Filter;
import clicktide.store.Rollups.RollupQuery;
import io.vertx.sqlclient.Tuple;
import java.net.URI;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The store itself keeps the rows of owners apart (G17). */
abstract class TenantsContract {
  private static final OwnerId STRANGER = new OwnerId(8);
  private static final Set<String> CONTROL =
      Set.of(
          "owner",
          "api_key",
          "link",
          "link_count",
          "audit",
          "opening_balance",
          "click_limit",
          "public_stats",
          "idempotency");

  private RollupRig rig;
  private Link link;
  private Link strangers;

  /** The address of an empty database. */
  abstract String freshDatabase();

  @BeforeEach
  void open() throws SQLException {
    rig = new RollupRig(URI.create(freshDatabase()));
    rig.owner();
    new PostgresOwners(rig.pool)
        .create(STRANGER, "Eve", ApiKey.random(new Random()).first(STRANGER))
        .await();
    link = tagged(TestClicks.OWNER, "hers");
    strangers = tagged(STRANGER, "theirs");
    rig.count(TestClicks.visit(link.id(), TEN_DAYS_AGO));
    rig.refresh();
    rig.count(
        TestClicks.visit(link.id(), TEN_DAYS_AGO.plusSeconds(86_400)),
        TestClicks.visit(link.id(), NOW));
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private Link tagged(OwnerId owner, String code) {
    var notes =
        new Link.Notes(Optional.empty(), List.of("a tag"), Optional.empty(), Optional.of(9L));
    var rules = Rules.to("https://example.com/");
    return rig.links()
        .create(new LinkDraft(owner, Optional.of(code), rules, notes))
        .await()
        .created()
        .orElseThrow();
  }

  private RollupQuery query(
      OwnerId owner, List<Instant> bounds, List<Dimension> dimensions, List<Filter> filters) {
    return RollupQuery.of(new AnalyticsTarget.LinkTarget(link.id(), owner), bounds)
        .withDimensions(dimensions)
        .withFilters(filters);
  }

  private long clicks(RollupQuery query) {
    return rig.clicks(query).values().stream().mapToLong(HumanBotCount::total).sum();
  }

  private long visitors(RollupQuery query) {
    var count = new AtomicLong();
    rig.rollups.visitors(query, (_, _) -> count.incrementAndGet()).await();
    return count.get();
  }

  @Test
  @DisplayName("every statement on rollups names the owner: another owner finds nothing")
  void foreignOwners() {
    var days = days(TEN_DAYS_AGO, 11);
    var quarters = List.of(TEN_DAYS_AGO, TEN_DAYS_AGO.plusSeconds(900), NOW.plusSeconds(86_400));
    var minutes = List.of(TEN_DAYS_AGO, NOW.plusSeconds(60));
    var none = List.<Filter>of();
    var country = List.of(Dimension.COUNTRY);
    var without = List.of(new Filter(Dimension.COUNTRY, false, Set.of("XX")));
    var only = List.of(link.id());
    var asked = new LinkedHashMap<String, ToLongFunction<OwnerId>>();
    asked.put("days", owner -> clicks(query(owner, days, List.of(), none)));
    asked.put("quarters", owner -> clicks(query(owner, wholeQuarters(quarters), List.of(), none)));
    asked.put("minutes", owner -> clicks(query(owner, minutes, List.of(), none)));
    asked.put("a breakdown", owner -> clicks(query(owner, minutes, country, none)));
    asked.put("a filter", owner -> clicks(query(owner, minutes, List.of(), without)));
    for (var bounds : List.of(days, minutes)) {
      asked.put(
          "links by number " + bounds.size(),
          owner ->
              clicks(
                  RollupQuery.of(new AnalyticsTarget.OwnerTarget(owner), bounds).withLinks(only)));
      asked.put(
          "an owner " + bounds.size(),
          owner -> clicks(RollupQuery.of(new AnalyticsTarget.OwnerTarget(owner), bounds)));
    }
    asked.put("visitors", owner -> visitors(query(owner, minutes, country, none)));
    asked.put(
        "the leaderboard",
        owner ->
            rig.rollups.topLinks(owner, TEN_DAYS_AGO, NOW.plusSeconds(60), 10).await().stream()
                .mapToLong(top -> top.clicks().total())
                .sum());
    asked.put(
        "the ledger of a link",
        owner ->
            rig.ledger
                .entry(
                    new AnalyticsTarget.LinkTarget(link.id(), owner),
                    TEN_DAYS_AGO,
                    NOW.plusSeconds(60))
                .await()
                .counted());
    asked.put(
        "the ledger of an owner",
        owner ->
            rig.ledger
                .entry(new AnalyticsTarget.OwnerTarget(owner), TEN_DAYS_AGO, NOW.plusSeconds(60))
                .await()
                .counted());

    asked.forEach(
        (name, query) -> {
          assertThat(query.applyAsLong(TestClicks.OWNER)).as(name).isEqualTo(3);
          assertThat(query.applyAsLong(STRANGER)).as(name + ", a stranger").isZero();
        });
    assertThat(
            rig.rollups
                .tagged(STRANGER, List.of("a tag"))
                .await()
                .orElseThrow(IllegalStateException::new))
        .containsExactly(strangers.id());
  }

  /** Of no whole days, so that they come from quarters. */
  private static List<Instant> wholeQuarters(List<Instant> bounds) {
    return bounds.stream().map(at -> Coverage.floor(at, Coverage.QUARTER)).toList();
  }

  @Test
  @DisplayName("the role of reads sees the links of the transaction's owner, and nothing else")
  void rowLevelSecurity() throws SQLException {
    var view = rig.views;
    for (var own : List.of(link, strangers)) {
      var seen =
          view.of(own.owner(), connection -> connection.query("SELECT code FROM link").execute())
              .await();
      assertThat(seen).hasSize(1).allMatch(row -> row.getString(0).equals(own.code()));
    }
    for (var table : CONTROL) {
      if (!table.equals("link")) {
        assertThatThrownBy(
                () ->
                    view.of(
                            TestClicks.OWNER,
                            connection -> connection.query("SELECT FROM " + table).execute())
                        .await())
            .as(table)
            .hasMessageContaining("42501"); // insufficient privilege
      }
    }
    assertThatThrownBy(
            () ->
                view.of(
                        TestClicks.OWNER,
                        connection ->
                            connection
                                .preparedQuery("UPDATE link SET title = $1")
                                .execute(Tuple.of("x")))
                    .await())
        .hasMessageContaining("42501");
    var left =
        rig.pool
            .query(
                "SELECT current_user, current_setting('clicktide.owner', true), count(*) FROM link")
            .execute()
            .await()
            .iterator()
            .next();
    assertThat(left.getString(0)).isNotEqualTo("clicktide_query");
    assertThat(left.getString(1)).isNullOrEmpty();
    assertThat(left.getLong(2)).isEqualTo(2);
    assertThat(rig.ask("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"))
        .containsExactlyInAnyOrderElementsOf(CONTROL);
  }

  @Test
  @DisplayName("the role sees no link without an owner")
  void noOwner() throws SQLException {
    try (var connection = rig.database.connect();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SET LOCAL ROLE clicktide_query");
      try (var row = statement.executeQuery("SELECT current_user, count(*) FROM link")) {
        assertThat(row.next()).isTrue();
        assertThat(row.getString(1)).isEqualTo("clicktide_query");
        assertThat(row.getLong(2)).isZero();
      }
    }
  }

  @Test
  @DisplayName(
      "a database user without superuser rights can run the product, if it is a member of the role")
  void noSuperuser() throws SQLException {
    var address = freshDatabase();
    var admin = Database.at(URI.create(address));
    var name = "app" + System.nanoTime();
    try (var connection = admin.connect();
        var statement = connection.createStatement()) {
      statement.execute(
          "CREATE ROLE %s LOGIN PASSWORD 'secret' IN ROLE clicktide_query".formatted(name));
      statement.execute("ALTER DATABASE %s OWNER TO %s".formatted(connection.getCatalog(), name));
      statement.execute("GRANT CREATE ON SCHEMA public TO " + name);
    }
    var uri = URI.create(address);
    var its =
        URI.create(
            "postgresql://%s:secret@%s:%d%s"
                .formatted(name, uri.getHost(), uri.getPort(), uri.getPath()));
    try (var other = new RollupRig(its)) {
      other.owner();
      var made = other.link("made");
      other.count(TestClicks.visit(made.id(), NOW));
      assertThat(other.total(made.id(), List.of(NOW, NOW.plusSeconds(60))).total()).isEqualTo(1);
      assertThat(
              other
                  .rollups
                  .topLinks(TestClicks.OWNER, TEN_DAYS_AGO, NOW.plusSeconds(60), 5)
                  .await())
          .hasSize(1);
    }
  }
}
