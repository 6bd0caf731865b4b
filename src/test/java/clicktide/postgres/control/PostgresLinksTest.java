package clicktide.postgres.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.count.TestClicks;
import clicktide.embedded.TestServers;
import clicktide.event.OwnerId;
import clicktide.http.ApiKey;
import clicktide.link.DomainDraft;
import clicktide.link.Link;
import clicktide.link.LinkDraft;
import clicktide.postgres.Database;
import clicktide.postgres.MigratedDatabase;
import clicktide.postgres.SharedPool;
import clicktide.store.Actor;
import clicktide.store.Links;
import clicktide.store.LinksContract;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Links in PostgreSQL")
class PostgresLinksTest extends LinksContract {
  private final Vertx vertx = Vertx.vertx();
  private Pool pool;

  @BeforeEach
  void open() {
    var uri = URI.create(MigratedDatabase.on(TestServers.endpoints().postgres()));
    var database = Database.at(uri);
    pool = database.pool(vertx, "test", 2);
    var key = ApiKey.random(new Random()).first(owner());
    new PostgresOwners(pool).create(owner(), "Ada", key).await();
  }

  @AfterEach
  void close() {
    pool.close().await();
    vertx.close().await();
  }

  @Override
  protected Links links() {
    return links(0);
  }

  @Override
  protected Links links(int quota) {
    return new PostgresLinks(pool, new SharedPool(pool), new Random(), quota);
  }

  @Override
  protected OwnerId owner() {
    return TestClicks.OWNER;
  }

  @Test
  @DisplayName("an idempotency key is free again after a day")
  void anIdempotencyKeyIsFreeAgainAfterADay() {
    var draft =
        new LinkDraft(
            owner(), Optional.empty(), Link.Rules.to("https://example.com/"), Link.Notes.NONE);
    var first = once("a request", draft).created().orElseThrow();
    pool.query("UPDATE idempotency SET at = at - interval '25 hours'").execute().await();

    var second = once("a request", draft).created().orElseThrow();

    assertThat(second.code()).isNotEqualTo(first.code());
    assertThat(once("a request", draft)).isEqualTo(new Actor.Replayed(second.code()));
  }

  @Test
  @DisplayName("R5: ids of links grow, and a database that lost its last changes gives none again")
  void idsAreNeverGivenAgain() {
    var first = create(3);
    pool.query("ALTER SEQUENCE link_order RESTART").execute().await(); // as a backup would have it
    pool.query("DELETE FROM link").execute().await();
    var second = create(3);

    assertThat(Stream.concat(first.stream(), second.stream()))
        .isSorted()
        .doesNotHaveDuplicates()
        .allMatch(id -> id > 1L << 50);
  }

  private List<Long> create(int count) {
    var drafts =
        IntStream.range(0, count)
            .mapToObj(
                n ->
                    new LinkDraft(
                        owner(),
                        Optional.of("code" + n),
                        Link.Rules.to("https://example.com/"),
                        Link.Notes.NONE))
            .toList();
    return links().createAll(drafts, Map.of()).await().links().stream().map(Link::id).toList();
  }

  @Test
  @DisplayName("a search reads at most 50,000 links at a time, and the next part goes on")
  void aSearchIsBounded() {
    pool.query(
            """
            ALTER TABLE link DISABLE TRIGGER audit;
            INSERT INTO link (id, code, owner, destination, status, state, title)
            SELECT n, 'code' || n, %d, 'https://example.com/', 302, CASE WHEN n %% 2 = 0 THEN 'DELETED' ELSE 'ACTIVE' END,
              CASE WHEN n = 1 THEN 'oldest' END
            FROM generate_series(1, 50000 + 1) AS n"""
                .formatted(owner().number()))
        .execute()
        .await();
    var all = Links.Search.all(owner());
    var search = all.text("oldest");

    var newest = links().list(all, 1).await();
    var first = links().list(search, 9).await();
    var second = links().list(search.before(2), 9).await();

    assertThat(newest.links()).extracting(Link::code).containsExactly("code50001");
    assertThat(newest.next()).contains(50_001L);
    assertThat(first).isEqualTo(new Links.LinkListing(List.of(), Optional.of(2L)));
    assertThat(second.links()).extracting(Link::code).containsExactly("code1");
    assertThat(second.next()).isEmpty();
  }

  @Test
  @DisplayName("A7: after a failure between the pages of a domain both are as they were")
  void afterAFailureBothPagesAreAsTheyWere() {
    var draft =
        new DomainDraft(
            owner(),
            "go.example.com",
            Link.Rules.to("https://example.com/old"),
            Link.Rules.to("https://example.com/old"));
    var written = (Links.DomainStored) links().put(draft, Optional.empty()).await();
    pool.query(
            """
            CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'between'; END $$;
            CREATE TRIGGER fail BEFORE UPDATE ON link FOR EACH ROW WHEN (OLD.code LIKE '*@%') EXECUTE FUNCTION fail()""")
        .execute()
        .await();
    var rules = Link.Rules.to("https://example.com/new");
    var other = written.domain().with(rules, rules);

    assertThatThrownBy(() -> links().put(other, Optional.of(written.domain())).await())
        .hasMessageContaining("between");

    assertThat(links().domain("go.example.com").await()).contains(written.domain());
  }
}
