package clicktide.deploy;

import clicktide.aggregation.AggregationVerticle;
import clicktide.enrich.Enrichment;
import clicktide.enrich.GeoIp;
import clicktide.enrich.Places;
import clicktide.enrich.UserAgents;
import clicktide.enrich.VisitorHash;
import clicktide.kafka.KafkaDeadLetters;
import clicktide.kafka.LogFollower;
import clicktide.redis.RedisLiveSink;
import clicktide.settings.Settings;
import clicktide.timescale.Refresher;
import clicktide.timescale.RollupSink;
import clicktide.timescale.VisitorKeys;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** What counts: a follower of the log for each sink, and what they need. */
final class Counting {
  private static final int LIVE_RECORDS = 10; // a script keeps Redis busy for all of them
  private static final int ROLLUP_RECORDS = 40;
  private static final Duration LIVE_FLUSH = Duration.ofMillis(200);

  private final Settings settings;
  private final Closing closing;
  private final Health health;
  private final InstantSource wall;

  Counting(Settings settings, Closing closing, Health health, InstantSource wall) {
    this.settings = settings;
    this.closing = closing;
    this.health = health;
    this.wall = wall;
  }

  /** Only the rollups' follower keeps dead letters: both read the same records. */
  AggregationVerticle verticle(Stores stores, UserAgents userAgents, MeterRegistry metrics)
      throws IOException {
    var keys = new VisitorKeys(stores.database(), wall);
    Places places =
        settings.geoip().isPresent()
            ? closing.add(new GeoIp(settings.geoip().get()))
            : Places.UNKNOWN;
    var enrichment = new Enrichment(userAgents, places, new VisitorHash(keys::of));
    var letters = closing.add(new KafkaDeadLetters(stores.kafka(), stores.deadLetters().name()));
    var live =
        new LogFollower(
            plan(stores, LIVE_FLUSH, LIVE_RECORDS),
            new RedisLiveSink(stores.redis()),
            enrichment::visit,
            _ -> {},
            metrics);
    var rollup =
        new LogFollower(
            plan(stores, settings.flush(), ROLLUP_RECORDS),
            new RollupSink(stores.database(), letters, metrics),
            enrichment::visit,
            letters,
            metrics);
    health.watch(live);
    health.watch(rollup);
    return new AggregationVerticle(
        List.of(live, rollup), new Refresher(stores.database(), wall, metrics), keys);
  }

  private LogFollower.Plan plan(Stores stores, Duration flush, int records) {
    return new LogFollower.Plan(stores.kafka(), stores.topic(), flush, records, wall);
  }
}
