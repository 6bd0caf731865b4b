package clicktide.postgres.control;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.embedded.TestServers;
import clicktide.event.OwnerId;
import clicktide.postgres.Database;
import clicktide.postgres.MigratedDatabase;
import clicktide.postgres.OwnersView;
import clicktide.postgres.SharedPool;
import clicktide.postgres.query.PostgresRollups;
import clicktide.store.Actor;
import clicktide.store.Freshness;
import clicktide.store.NodeRegistry.NodeProfile;
import clicktide.store.NodeRegistry.RegisteredNode;
import clicktide.store.NodeRegistry.Removal;
import clicktide.store.Rollups;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The registry of nodes in PostgreSQL")
class PostgresNodesTest {
  private static final NodeProfile NODE =
      new NodeProfile(-7, List.of("ingest", "query"), "1.2.3", "host-a");
  private static final Actor ADMINISTRATOR = new Actor("administrator", Optional.empty());

  private final Vertx vertx = Vertx.vertx();
  private Pool pool;
  private PostgresNodes nodes;
  private Rollups rollups;

  @BeforeEach
  void open() {
    var uri = URI.create(MigratedDatabase.on(TestServers.endpoints().postgres()));
    pool = Database.at(uri).pool(vertx, "control", 4);
    nodes = new PostgresNodes(pool);
    rollups = new PostgresRollups(pool, new OwnersView(new SharedPool(pool)));
  }

  @AfterEach
  void close() {
    pool.close().await();
    vertx.close().await();
  }

  private void execute(String sql) {
    pool.query(sql).execute().await();
  }

  /** Moves the last heartbeat of the node into the past. */
  private void sinceLastHeartbeat(String time) {
    execute("UPDATE node SET heartbeat_at = heartbeat_at - interval '%s'".formatted(time));
  }

  private void nameAsSilent(long id) {
    execute(
        "INSERT INTO fence (sink, topic_id, partition, incarnation, epoch, next, through, silent) VALUES ('rollup', 't', 0, 'i', 1, 0, now(), '{%d}')"
            .formatted(id));
  }

  private Freshness freshness() {
    var freshness = rollups.freshness().await();
    assertThat(rollups.written(Instant.EPOCH, Instant.EPOCH).await().freshness())
        .isEqualTo(freshness);
    return freshness;
  }

  private Removal remove(long id) {
    return nodes.remove(id, ADMINISTRATOR).await();
  }

  @Test
  @DisplayName("has each node once, with its newest heartbeat, until it ends in order")
  void heartbeats() {
    nodes.beat(NODE).await();
    sinceLastHeartbeat("31 seconds");
    assertThat(nodes.list().await()).singleElement().matches(RegisteredNode::isSilent);

    nodes.beat(NODE).await();
    assertThat(nodes.list().await())
        .singleElement()
        .matches(node -> !node.isSilent())
        .matches(node -> !node.heartbeatAt().isBefore(node.startedAt()))
        .extracting(RegisteredNode::profile)
        .isEqualTo(NODE);
    nodes.leave(NODE.id()).await();
    assertThat(nodes.list().await()).isEmpty();
  }

  @Test
  @DisplayName("forgets a node that has been silent for a day, but not the node that sends")
  void forgets() {
    nodes.beat(NODE).await();
    sinceLastHeartbeat("25 hours");
    nodes.beat(NODE).await();
    assertThat(nodes.list().await()).hasSize(1);

    sinceLastHeartbeat("25 hours");
    nodes.beat(new NodeProfile(8, List.of("query"), "1.2.3", "host-b")).await();
    assertThat(nodes.list().await()).singleElement().matches(node -> node.profile().id() == 8);
  }

  @Test
  @DisplayName("a node that was removed is not silent for answers, until it sends again")
  void removal() {
    nameAsSilent(NODE.id());
    nodes.beat(NODE).await();
    assertThat(remove(NODE.id())).isEqualTo(Removal.RUNNING);
    assertThat(freshness().silent()).containsExactly(NODE.id());

    sinceLastHeartbeat("31 seconds");
    assertThat(remove(NODE.id())).isEqualTo(Removal.REMOVED);
    assertThat(freshness().silent()).isEmpty();
    assertThat(freshness().gone()).containsExactly(NODE.id());
    assertThat(nodes.list().await()).isEmpty();
    assertThat(remove(NODE.id())).isEqualTo(Removal.UNKNOWN);

    nodes.beat(NODE).await();
    assertThat(freshness().silent()).containsExactly(NODE.id());
  }

  @Test
  @DisplayName("a node of an earlier version can be removed if a partition names it")
  void earlierVersions() {
    assertThat(remove(9)).isEqualTo(Removal.UNKNOWN);
    nameAsSilent(9);
    assertThat(remove(9)).isEqualTo(Removal.REMOVED);
    assertThat(freshness().silent()).isEmpty();
  }

  @Test
  @DisplayName("a removal is in the audit log, without an owner")
  void audit() {
    nameAsSilent(-1);
    remove(-1);

    var entry = new PostgresAuditLog(pool).entries(new OwnerId(0), Long.MAX_VALUE, 9).await();
    assertThat(entry)
        .singleElement()
        .matches(one -> one.actor().equals("administrator"))
        .matches(one -> one.action().equals("node.removed"))
        .matches(one -> one.subject().equals("ffffffffffffffff"));
  }
}
