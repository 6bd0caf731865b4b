package clicktide.aggregation;

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
import clicktide.kafka.KafkaCluster;
import clicktide.kafka.KafkaDeadLetters;
import clicktide.kafka.KafkaVerdicts;
import clicktide.kafka.Topic;
import clicktide.postgres.Database;
import clicktide.postgres.maintenance.DeadLetterShipper;
import clicktide.postgres.maintenance.Refresher;
import clicktide.postgres.maintenance.VisitorKeys;
import clicktide.postgres.sink.RollupSink;
import clicktide.redis.RedisLiveSink;
import clicktide.redis.RedisServers;
import clicktide.settings.Settings;
import clicktide.store.DeadLetters;
import clicktide.time.TimeSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * The parts of the aggregation: a follower of the log for each sink, the upkeep of the aggregates,
 * and the producers that the followers write to. Close it after the verticle.
 */
public final class AggregationParts implements AutoCloseable {
  private static final int LIVE_RECORDS = 10; // Redis is busy while a script applies all of them
  private static final int ROLLUP_RECORDS = 40;
  private static final Duration LIVE_FLUSH = Duration.ofMillis(200);
  private static final Duration RATE_FLUSH = Duration.ofSeconds(2);

  private final Settings settings;
  private final AggregationStores stores;
  private final TimeSource time;
  private final RandomGenerator random;
  private final MeterRegistry metrics;
  private final List<Runnable> closing = new ArrayList<>();
  private final List<LogFollower> followers = new ArrayList<>();
  private final KafkaDeadLetters deadLetters;
  private final VisitorKeys keys;

  /** Kafka with its two topics, Redis and PostgreSQL. */
  public record AggregationStores(
      KafkaCluster kafka, Topic topic, Topic deadLetters, RedisServers redis, Database database) {}

  /** Throws if a file of rules that the settings name cannot be read. */
  public AggregationParts(
      Settings settings,
      AggregationStores stores,
      TimeSource time,
      RandomGenerator random,
      MeterRegistry metrics)
      throws IOException {
    this.settings = settings;
    this.stores = stores;
    this.time = time;
    this.random = random;
    this.metrics = metrics;
    deadLetters = new KafkaDeadLetters(stores.kafka(), stores.deadLetters().name());
    closing.add(deadLetters::close);
    keys = new VisitorKeys(stores.database(), time, random);
    var enrichment =
        new Enrichment(
            new UserAgents(time, metrics), patterns(), locator(), new VisitorHash(keys::of));
    followers.add(live(enrichment));
    followers.add(rollup(enrichment));
    if (settings.clicksAMinute() > 0) {
      followers.add(rate());
    }
  }

  private BotPatterns patterns() throws IOException {
    return settings.botPatterns().isPresent()
        ? BotPatterns.read(settings.botPatterns().get(), time)
        : BotPatterns.NONE;
  }

  private GeoLocator locator() throws IOException {
    return settings.geoip().isPresent()
        ? new GeoIp(settings.geoip().get(), time)
        : GeoLocator.UNKNOWN;
  }

  private UUID incarnation() {
    return new UUID(random.nextLong(), random.nextLong());
  }

  private LogFollower live(Enrichment enrichment) {
    return new LogFollower(
        plan(LIVE_FLUSH, LIVE_RECORDS, Fetch.AT_ONCE),
        new RedisLiveSink(stores.redis(), this::incarnation),
        enrichment::enrich,
        DeadLetters.DISCARD, // the follower of the rollups keeps them
        metrics);
  }

  private LogFollower rollup(Enrichment enrichment) {
    return new LogFollower(
        plan(settings.flush(), ROLLUP_RECORDS, Fetch.AT_ONCE),
        new RollupSink(stores.database(), this::incarnation, metrics),
        enrichment::enrich,
        deadLetters,
        metrics);
  }

  /** Judges how often addresses click. The other followers enrich the clicks that it judges. */
  private LogFollower rate() {
    var verdicts = new KafkaVerdicts(stores.kafka(), stores.topic(), time, metrics);
    closing.add(verdicts::close);
    return new LogFollower(
        plan(RATE_FLUSH, ROLLUP_RECORDS, Fetch.LARGE),
        new RateSink(new Rates(settings.clicksAMinute()), verdicts),
        EnrichedClick::raw,
        DeadLetters.DISCARD, // the follower of the rollups keeps them
        metrics);
  }

  private LogFollower.Plan plan(Duration flush, int records, Fetch fetch) {
    return new LogFollower.Plan(
        stores.kafka(),
        stores.topic(),
        settings.name(),
        flush,
        records,
        fetch,
        settings.retention(),
        settings.data(),
        time);
  }

  /** Returns the verticle that starts and stops the followers. */
  public AggregationVerticle verticle() {
    var refresher = new Refresher(stores.database(), settings.retention(), time, metrics);
    var shipper = new DeadLetterShipper(stores.database(), deadLetters);
    return new AggregationVerticle(followers, refresher, shipper, keys);
  }

  /** Returns one follower for each sink. */
  public List<LogFollower> followers() {
    return List.copyOf(followers);
  }

  @Override
  public void close() {
    closing.reversed().forEach(Runnable::run);
  }
}
