package clicktide.deploy;

import clicktide.aggregation.AggregationParts;
import clicktide.kafka.Topic;
import clicktide.management.ManagementVerticle;
import clicktide.postgres.CountedLog;
import clicktide.postgres.Database;
import clicktide.postgres.Migrations;
import clicktide.postgres.control.PostgresLinks;
import clicktide.postgres.control.PostgresOwners;
import clicktide.postgres.control.SqlAudit;
import clicktide.postgres.control.SqlPublicStats;
import clicktide.postgres.query.PostgresLedgerReader;
import clicktide.postgres.query.SqlRollups;
import clicktide.query.QueryVerticle;
import clicktide.redis.RedisLiveCounts;
import clicktide.redis.RedisRecentClicks;
import clicktide.redis.RedisServers;
import clicktide.redis.RedisTickets;
import clicktide.replica.LinkMap;
import clicktide.settings.Settings;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Kafka, Redis and PostgreSQL once they were reached and fit together. */
record Stores(String kafka, Topic topic, Topic deadLetters, RedisServers redis, Sql sql) {
  private static final Logger log = LoggerFactory.getLogger(Stores.class);
  private static final int CONNECTIONS = 8;

  /** PostgreSQL alone: enough to know the links, whatever Kafka does. */
  record Sql(
      Database database,
      PostgresLinks links,
      PostgresOwners owners,
      SqlPublicStats publicStats,
      SqlRollups rollups,
      PostgresLedgerReader books,
      SqlAudit audit) {
    static Sql reach(Infrastructure infrastructure, Vertx vertx) throws SQLException {
      var database = Database.at(infrastructure.postgres());
      log.info("The rollups are kept by {}", Migrations.migrate(database));
      var pool = database.pool(vertx, CONNECTIONS);
      return new Sql(
          database,
          new PostgresLinks(pool),
          new PostgresOwners(pool),
          new SqlPublicStats(pool),
          new SqlRollups(pool),
          new PostgresLedgerReader(pool),
          new SqlAudit(pool));
    }
  }

  /** Makes what is missing in them, and refuses what does not fit. */
  static Stores reach(Settings settings, Infrastructure infrastructure, Vertx vertx, Sql sql)
      throws IOException, SQLException, InterruptedException {
    var kafka = infrastructure.kafka();
    Files.writeString(DeadLetterCommand.address(settings.data()), kafka + "\n");
    var kept = settings.retention().events();
    var shape = new Topic.Shape(settings.partitions(), settings.replication(), kept);
    var topic = Topic.ready(kafka, Topic.EVENTS, shape);
    CountedLog.require(sql.database, topic.id(), topic.partitions());
    var letters =
        Topic.ready(
            kafka,
            Topic.DEAD_LETTERS,
            new Topic.Shape(topic.partitions(), settings.replication(), kept));
    return new Stores(kafka, topic, letters, new RedisServers(vertx, infrastructure.redis()), sql);
  }

  /** Returns the stores that the aggregation counts into. */
  AggregationParts.Stores aggregation() {
    return new AggregationParts.Stores(kafka, topic, deadLetters, redis, sql.database);
  }

  /** What is written through the API. */
  ManagementVerticle.Stores write(LinkMap map) {
    return new ManagementVerticle.Stores(sql.links, sql.owners, sql.publicStats, sql.audit, map);
  }

  /** What questions are answered from. */
  QueryVerticle.Stores read(LinkMap map) {
    return new QueryVerticle.Stores(
        map,
        sql.owners,
        sql.publicStats,
        sql.rollups,
        sql.books,
        new RedisLiveCounts(redis),
        new RedisRecentClicks(redis),
        new RedisTickets(redis));
  }
}
