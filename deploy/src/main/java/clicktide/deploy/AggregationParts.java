package clicktide.deploy;

import clicktide.aggregation.AggregationVerticle;
import clicktide.aggregation.kafka.LogFollower;
import clicktide.aggregation.kafka.LogFollower.Fetch;
import clicktide.enrich.BotPatterns;
import clicktide.enrich.EnrichedClick;
import clicktide.enrich.Enrichment;
import clicktide.enrich.GeoIp;
import clicktide.enrich.GeoLocator;
import clicktide.enrich.UserAgents;
import clicktide.enrich.VisitorHash;
import clicktide.fraud.RateSink;
import clicktide.fraud.Rates;
import clicktide.kafka.KafkaDeadLetters;
import clicktide.kafka.KafkaVerdicts;
import clicktide.postgres.maintenance.Refresher;
import clicktide.postgres.maintenance.VisitorKeys;
import clicktide.postgres.sink.RollupSink;
import clicktide.redis.RedisLiveSink;
import clicktide.settings.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** What counts: a follower of the log for each sink, and what they need. */
final class AggregationParts {
  private static final int LIVE_RECORDS = 10; // a script keeps Redis busy for all of them
  private static final int ROLLUP_RECORDS = 40;
  private static final Duration LIVE_FLUSH = Duration.ofMillis(200);
  private static final Duration RATE_FLUSH = Duration.ofSeconds(2);

  private final Settings settings;
  private final Closer closing;
  private final Health health;
  private final InstantSource wall;

  AggregationParts(Settings settings, Closer closing, Health health, InstantSource wall) {
    this.settings = settings;
    this.closing = closing;
    this.health = health;
    this.wall = wall;
  }

  /** Only the rollups' follower keeps dead letters: both read the same records. */
  AggregationVerticle verticle(Stores stores, UserAgents userAgents, MeterRegistry metrics)
      throws IOException {
    var keys = new VisitorKeys(stores.sql().database(), wall);
    var enrichment = new Enrichment(userAgents, patterns(), places(), new VisitorHash(keys::of));
    var letters = closing.add(new KafkaDeadLetters(stores.kafka(), stores.deadLetters().name()));
    var live =
        new LogFollower(
            plan(stores, LIVE_FLUSH, LIVE_RECORDS, Fetch.AT_ONCE),
            new RedisLiveSink(stores.redis()),
            enrichment::visit,
            _ -> {},
            metrics);
    var rollup =
        new LogFollower(
            plan(stores, settings.flush(), ROLLUP_RECORDS, Fetch.AT_ONCE),
            new RollupSink(stores.sql().database(), letters, metrics),
            enrichment::visit,
            letters,
            metrics);
    var followers = new ArrayList<>(List.of(live, rollup));
    if (settings.clicksAMinute() > 0) {
      followers.add(rate(stores, metrics));
    }
    followers.forEach(health::watch);
    return new AggregationVerticle(
        followers,
        new Refresher(stores.sql().database(), settings.retention(), wall, metrics),
        keys);
  }

  /** Who clicks too often; what a click means is looked into by those who count. */
  private LogFollower rate(Stores stores, MeterRegistry metrics) {
    var verdicts = closing.add(new KafkaVerdicts(stores.kafka(), stores.topic(), wall, metrics));
    return new LogFollower(
        plan(stores, RATE_FLUSH, ROLLUP_RECORDS, Fetch.LARGE),
        new RateSink(new Rates(settings.clicksAMinute()), verdicts),
        EnrichedClick::raw,
        _ -> {},
        metrics);
  }

  private BotPatterns patterns() throws IOException {
    return settings.botPatterns().isPresent()
        ? BotPatterns.read(settings.botPatterns().get(), wall)
        : BotPatterns.NONE;
  }

  private GeoLocator places() throws IOException {
    health.warn("countries_unknown", () -> settings.geoip().isEmpty());
    return settings.geoip().isPresent()
        ? new GeoIp(settings.geoip().get(), wall)
        : GeoLocator.UNKNOWN;
  }

  private LogFollower.Plan plan(Stores stores, Duration flush, int records, Fetch fetch) {
    return new LogFollower.Plan(stores.kafka(), stores.topic(), flush, records, fetch, wall);
  }
}
