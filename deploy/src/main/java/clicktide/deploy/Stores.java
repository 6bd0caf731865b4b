package clicktide.deploy;

import clicktide.aggregation.AggregationParts.AggregationStores;
import clicktide.http.SharedWindows;
import clicktide.kafka.KafkaCheck;
import clicktide.kafka.KafkaCluster;
import clicktide.kafka.Topic;
import clicktide.management.ManagementVerticle;
import clicktide.postgres.CountedLog;
import clicktide.postgres.Database;
import clicktide.postgres.Migrations;
import clicktide.postgres.OwnersView;
import clicktide.postgres.SharedPool;
import clicktide.postgres.control.PostgresAuditLog;
import clicktide.postgres.control.PostgresInstallation;
import clicktide.postgres.control.PostgresLinks;
import clicktide.postgres.control.PostgresNodes;
import clicktide.postgres.control.PostgresOwners;
import clicktide.postgres.control.PostgresPublicStats;
import clicktide.postgres.query.PostgresLedgerReader;
import clicktide.postgres.query.PostgresRollups;
import clicktide.query.QueryVerticle;
import clicktide.redis.EvictionCheck;
import clicktide.redis.RedisAddress;
import clicktide.redis.RedisLiveCounts;
import clicktide.redis.RedisRecentClicks;
import clicktide.redis.RedisServers;
import clicktide.redis.RedisSharedCounters;
import clicktide.redis.RedisTickets;
import clicktide.replica.LinkMap;
import clicktide.settings.Settings;
import clicktide.store.AccessRefused;
import clicktide.store.Await;
import clicktide.store.Unavailable;
import clicktide.time.TimeSource;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stores that the roles of this process need, once they answer and belong together. */
record Stores(Optional<Topics> topics, Optional<RedisServers> redis, Sql sql) {
  private static final Logger log = LoggerFactory.getLogger(Stores.class);

  /** Three pools, so that slow reads do not delay the look-up of a key (E12). */
  private static final int CONTROL_CONNECTIONS = 6;

  private static final int LIST_CONNECTIONS = 4;
  private static final int ANALYTICS_CONNECTIONS = 8;
  private static final Duration LIST_TIMEOUT = Duration.ofSeconds(5);

  /** PostgreSQL alone, which has the links, while Kafka may still be unavailable. */
  record Sql(
      Database database,
      PostgresLinks links,
      PostgresOwners owners,
      PostgresInstallation installation,
      PostgresPublicStats publicStats,
      PostgresRollups rollups,
      PostgresLedgerReader ledger,
      PostgresAuditLog audit,
      PostgresNodes nodes) {
    static Sql reach(Reach reach) throws SQLException, InterruptedException {
      var vertx = reach.vertx;
      var database = reach.infrastructure.postgres();
      var flavour =
          reach.settings.migrate() ? Migrations.migrate(database) : Migrations.await(database);
      log.info("Rollups are stored in {}", flavour);
      var control = database.pool(vertx, "control", CONTROL_CONNECTIONS);
      var lists = new SharedPool(database.pool(vertx, "lists", LIST_CONNECTIONS, LIST_TIMEOUT));
      var analytics = database.pool(vertx, "analytics", ANALYTICS_CONNECTIONS);
      var views = new OwnersView(new SharedPool(analytics));
      return new Sql(
          database,
          new PostgresLinks(control, lists, reach.random, reach.settings.linksPerOwner()),
          new PostgresOwners(control),
          new PostgresInstallation(control, reach.random),
          new PostgresPublicStats(control),
          new PostgresRollups(analytics, views),
          new PostgresLedgerReader(views),
          new PostgresAuditLog(control),
          new PostgresNodes(control));
    }
  }

  /** Kafka with the topics of this product. */
  record Topics(KafkaCluster kafka, Topic events, Topic deadLetters) {
    /** Creates missing topics; throws if topics and counts do not belong together. Blocks. */
    static Topics reach(Reach reach, KafkaCluster kafka, Sql sql)
        throws IOException, SQLException, InterruptedException {
      var settings = reach.settings;
      if (settings.kafka().isEmpty()) {
        DeadLetterCommand.remember(kafka, settings.data());
      }
      var retention = settings.retention().events();
      var shape = new Topic.Shape(settings.partitions(), settings.replication(), retention);
      var name = settings.name();
      var events = Topic.ready(kafka, name.prefixed(Topic.EVENTS), shape, reach.time);
      CountedLog.require(sql.database, events.id(), events.partitions());
      var same = new Topic.Shape(events.partitions(), settings.replication(), retention);
      var letters = Topic.ready(kafka, name.prefixed(Topic.DEAD_LETTERS), same, reach.time);
      return new Topics(kafka, events, letters);
    }
  }

  /** The settings, the addresses and the parts that the clients of the stores need. */
  record Reach(
      Settings settings,
      Infrastructure infrastructure,
      Vertx vertx,
      TimeSource time,
      RandomGenerator random) {}

  /**
   * Reaches the stores that the roles need, and lets the health check them. PostgreSQL is first, so
   * that the links are fresh even while Kafka is unavailable.
   */
  static Stores reach(Reach reach, Platform platform, LinkMap links, StartupRetry retry)
      throws Exception {
    var health = platform.health();
    var sql = retry.call(() -> Sql.reach(reach));
    health.watch("postgres", sql.rollups::freshness);
    retry.call(() -> Await.on(links.follow(reach.vertx, sql.links)));
    var topics = Optional.<Topics>empty();
    if (reach.infrastructure.kafka().isPresent()) {
      var kafka = reach.infrastructure.kafka().get();
      topics = Optional.of(retry.call(() -> Topics.reach(reach, kafka, sql)));
      if (!reach.settings.forwards()) { // else the ticks tell if Kafka answers
        health.watch("kafka", platform.closer().add(new KafkaCheck(kafka))::ping);
      }
    }
    var redis = Optional.<RedisServers>empty();
    if (reach.infrastructure.redis().isPresent()) {
      var address = reach.infrastructure.redis().get();
      var found = retry.call(() -> login(reach, address));
      health.watch("redis", found::ping);
      redis = Optional.of(found);
    }
    return new Stores(topics, redis, sql);
  }

  /** Lets the health name the stores while the start waits for them. */
  static void expect(Settings settings, Health health) {
    health.expect("postgres");
    if (settings.needsKafka()) {
      health.expect("kafka");
    }
    if (settings.needsRedis()) {
      health.expect("redis");
    }
  }

  /**
   * Logs in to Redis. A wrong password is an error. Without an answer the start goes on: the
   * rollups count and answer meanwhile.
   */
  private static RedisServers login(Reach reach, RedisAddress address) {
    var redis = new RedisServers(reach.vertx, address, reach.settings.name());
    try {
      Await.on(redis.ping());
      Await.on(EvictionCheck.warning(redis)).ifPresent(log::warn);
    } catch (AccessRefused refused) {
      redis.close();
      throw refused;
    } catch (Unavailable _) {
      log.warn("The start goes on without Redis, which does not answer: {}", address);
    }
    return redis;
  }

  /** Returns the limits that this process shares through Redis, or counts for itself without it. */
  SharedWindows windows(NodeIdentity node, TimeSource time) {
    return new SharedWindows(
        redis.map(
            servers ->
                new RedisSharedCounters(servers, Long.toHexString(node.start()), UUID::randomUUID)),
        time);
  }

  /** Returns the stores that the aggregation counts into. */
  AggregationStores aggregation() {
    var kafka = topics.orElseThrow();
    return new AggregationStores(
        kafka.kafka, kafka.events, kafka.deadLetters, redis.orElseThrow(), sql.database);
  }

  /** Returns the stores that the management API writes to. */
  ManagementVerticle.ManagementStores management() {
    return new ManagementVerticle.ManagementStores(
        sql.links, sql.owners, sql.publicStats, sql.audit, sql.nodes);
  }

  /** Returns the stores that queries read. */
  QueryVerticle.QueryStores query(LinkMap links) {
    var live = redis.orElseThrow();
    return new QueryVerticle.QueryStores(
        links,
        sql.owners,
        sql.publicStats,
        sql.rollups,
        sql.ledger,
        new RedisLiveCounts(live),
        new RedisRecentClicks(live),
        new RedisTickets(live));
  }
}
