package clicktide.deploy;

import clicktide.aggregation.AggregationParts.AggregationStores;
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
import clicktide.redis.RedisLiveCounts;
import clicktide.redis.RedisRecentClicks;
import clicktide.redis.RedisServers;
import clicktide.redis.RedisTickets;
import clicktide.replica.LinkMap;
import clicktide.settings.Settings;
import clicktide.time.TimeSource;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Kafka, Redis and PostgreSQL, once they answer and belong together. */
record Stores(KafkaCluster kafka, Topic topic, Topic deadLetters, RedisServers redis, Sql sql) {
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
    static Sql reach(
        Settings settings, Infrastructure infrastructure, Vertx vertx, RandomGenerator random)
        throws SQLException, InterruptedException {
      var database = infrastructure.postgres();
      var flavour = settings.migrate() ? Migrations.migrate(database) : Migrations.await(database);
      log.info("Rollups are stored in {}", flavour);
      var control = database.pool(vertx, CONTROL_CONNECTIONS);
      var lists = new SharedPool(database.pool(vertx, LIST_CONNECTIONS, LIST_TIMEOUT));
      var analytics = database.pool(vertx, ANALYTICS_CONNECTIONS);
      var views = new OwnersView(new SharedPool(analytics));
      return new Sql(
          database,
          new PostgresLinks(control, lists, random, settings.linksPerOwner()),
          new PostgresOwners(control),
          new PostgresInstallation(control, random),
          new PostgresPublicStats(control),
          new PostgresRollups(analytics, views),
          new PostgresLedgerReader(views),
          new PostgresAuditLog(control),
          new PostgresNodes(control));
    }
  }

  /** Creates missing topics; throws if topics and counts do not belong together. Blocks. */
  static Stores reach(
      Settings settings, Infrastructure infrastructure, Vertx vertx, Sql sql, TimeSource time)
      throws IOException, SQLException, InterruptedException {
    var kafka = infrastructure.kafka();
    if (settings.kafka().isEmpty()) {
      DeadLetterCommand.remember(kafka, settings.data());
    }
    var retention = settings.retention().events();
    var shape = new Topic.Shape(settings.partitions(), settings.replication(), retention);
    var topic = Topic.ready(kafka, settings.name().prefixed(Topic.EVENTS), shape, time);
    CountedLog.require(sql.database, topic.id(), topic.partitions());
    var deadLetters =
        Topic.ready(
            kafka,
            settings.name().prefixed(Topic.DEAD_LETTERS),
            new Topic.Shape(topic.partitions(), settings.replication(), retention),
            time);
    return new Stores(
        kafka,
        topic,
        deadLetters,
        new RedisServers(vertx, infrastructure.redis(), settings.name()),
        sql);
  }

  /** Returns the stores that the aggregation counts into. */
  AggregationStores aggregation() {
    return new AggregationStores(kafka, topic, deadLetters, redis, sql.database);
  }

  /** Returns the stores that the management API writes to. */
  ManagementVerticle.ManagementStores management() {
    return new ManagementVerticle.ManagementStores(
        sql.links, sql.owners, sql.publicStats, sql.audit, sql.nodes);
  }

  /** Returns the stores that queries read. */
  QueryVerticle.QueryStores query(LinkMap links) {
    return new QueryVerticle.QueryStores(
        links,
        sql.owners,
        sql.publicStats,
        sql.rollups,
        sql.ledger,
        new RedisLiveCounts(redis),
        new RedisRecentClicks(redis),
        new RedisTickets(redis));
  }
}
