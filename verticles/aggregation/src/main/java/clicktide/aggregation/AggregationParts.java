package clicktide.aggregation;

import clicktide.aggregation.kafka.LogFollower;
import clicktide.aggregation.kafka.LogPass;
import clicktide.aggregation.kafka.LogSource;
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
import clicktide.store.Sink;
import clicktide.time.TimeSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * The parts of the aggregation: the pass over the log, a follower for each sink, the upkeep of the
 * aggregates, and the producers that the followers write to. Close it after the verticle.
 */
public final class AggregationParts implements AutoCloseable {
  private static final int LIVE_CLICKS = 5_000; // Redis is busy while a script applies all of them
  private static final int MAX_CLICKS = 20_000;
  private static final Duration LIVE_FLUSH = Duration.ofMillis(200);
  private static final Duration RATE_FLUSH = Duration.ofSeconds(2);

  private final Settings settings;
  private final AggregationStores stores;
  private final TimeSource time;
  private final RandomGenerator random;
  private final MeterRegistry metrics;
  private final List<Runnable> closing = new ArrayList<>();
  private final List<LogFollower> followers = new ArrayList<>();
  private final LogSource source;
  private final Enrichment enrichment;
  private final LogPass pass;
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
    source = new LogSource(stores.kafka(), stores.topic(), settings.name(), settings.data(), time);
    enrichment =
        new Enrichment(
            new UserAgents(time, metrics), patterns(), locator(), new VisitorHash(keys::of));
    followers.add(live());
    followers.add(rollup());
    if (settings.clicksAMinute() > 0) {
      followers.add(rate());
    }
    pass = new LogPass(source, enrichment::enrich, followers, metrics);
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

  private LogFollower live() {
    var sink = new RedisLiveSink(stores.redis(), this::incarnation);
    return follower(sink, LIVE_FLUSH, LIVE_CLICKS, enrichment::enrich, DeadLetters.DISCARD);
  }

  private LogFollower rollup() {
    var sink = new RollupSink(stores.database(), this::incarnation, metrics);
    return follower(sink, settings.flush(), MAX_CLICKS, enrichment::enrich, deadLetters);
  }

  /** Judges how often addresses click. The other followers enrich the clicks that it judges. */
  private LogFollower rate() {
    var verdicts = new KafkaVerdicts(stores.kafka(), stores.topic(), time, metrics);
    closing.add(verdicts::close);
    var sink = new RateSink(new Rates(settings.clicksAMinute()), verdicts);
    return follower(sink, RATE_FLUSH, MAX_CLICKS, EnrichedClick::raw, DeadLetters.DISCARD);
  }

  /** Only the follower of the rollups keeps dead letters, so each is kept once. */
  private LogFollower follower(
      Sink sink, Duration flush, int clicks, LogFollower.Enricher enricher, DeadLetters letters) {
    var endedNodes = settings.retention().endedNodes();
    var plan = new LogFollower.Plan(flush, clicks, endedNodes, enricher, letters);
    return new LogFollower(source, plan, sink, metrics);
  }

  /** Returns the verticle that starts and stops the followers. */
  public AggregationVerticle verticle() {
    var refresher = new Refresher(stores.database(), settings.retention(), time, metrics);
    var shipper = new DeadLetterShipper(stores.database(), deadLetters);
    return new AggregationVerticle(pass, refresher, shipper, keys);
  }

  /** Returns the pass over the log. */
  public LogPass pass() {
    return pass;
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
