package clicktide.deploy;

import clicktide.aggregation.AggregationParts;
import clicktide.bus.ByReference;
import clicktide.enrich.UserAgents;
import clicktide.http.Access;
import clicktide.http.Api;
import clicktide.http.Contract;
import clicktide.http.HttpPort;
import clicktide.http.RateLimits;
import clicktide.ingest.ForwardingVerticle;
import clicktide.ingest.IngestVerticle;
import clicktide.kafka.KafkaEventLog;
import clicktide.link.Destination;
import clicktide.management.ManagementVerticle;
import clicktide.query.QueryVerticle;
import clicktide.redis.RedisFeed;
import clicktide.replica.LinkMap;
import clicktide.replica.LinkSnapshot;
import clicktide.settings.Role;
import clicktide.settings.Settings;
import clicktide.store.Unavailable;
import clicktide.time.MonotonicClock;
import clicktide.time.TimeSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Deployable;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.ext.web.Router;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The product: builds its parts by hand, in reading order, and takes them down in reverse. Short
 * links are answered first, from what this node kept, whether or not anything else is there.
 */
public final class Main implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Main.class);

  private final Settings settings;
  private final InstantSource wall;
  private final Closer closing = new Closer();
  private boolean serves;

  private Main(Settings settings, InstantSource wall) {
    this.settings = settings;
    this.wall = wall;
  }

  public static void main(String[] arguments) {
    var words = List.of(arguments);
    try {
      if (Commands.run(System.getenv(), words)) {
        return;
      }
      if (words.isEmpty() || !words.getFirst().equals("run")) {
        fail(Commands.USAGE);
      }
      var rest = words.subList(1, words.size());
      var product = new Main(Settings.from(System.getenv(), rest), Clock.systemUTC());
      Runtime.getRuntime().addShutdownHook(new Thread(product::close, "shutdown"));
      product.begin();
    } catch (IllegalArgumentException | IllegalStateException | Unavailable mistake) {
      log.debug("not started", mistake);
      fail(mistake.getMessage());
    } catch (Throwable failure) { // clients fail futures with more than exceptions
      log.error("Clicktide could not start", failure);
      fail("Clicktide could not start.");
    }
  }

  private static void fail(String sentence) {
    System.err.println(sentence);
    System.exit(1);
  }

  /** Returns when every role can do its work; what was begun is taken down when one cannot. */
  public static Main start(Settings settings, InstantSource wall) throws Exception {
    var product = new Main(settings, wall);
    try {
      product.begin();
      return product;
    } catch (Throwable failure) {
      product.close();
      throw failure;
    }
  }

  private void begin() throws Exception {
    closing.add(FolderLock.take(settings.data()));
    PublicPorts.requireFree(settings);
    var node = Node.next(settings.data());
    var clock = new MonotonicClock(wall);
    var lanes = loads(Role.REDIRECT) ? settings.eventLoops() : 0;
    var outbox = closing.add(RedirectParts.outbox(settings, node, lanes));
    var servers = closing.add(new Closer());
    var vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    closing.add(() -> vertx.close().await(15, TimeUnit.SECONDS));
    ByReference.register(vertx);
    var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    outbox.register(metrics);
    Gauge.builder("clock_correction_seconds", clock, c -> c.correction().toMillis() / 1_000.0)
        .description("What the log's stamps took off the clock of this node")
        .register(metrics);
    var health = new Health(vertx, metrics);
    health.listen(place(settings.managementPort())).await();
    health.warn("journal_on_disk", outbox::isOnDisk);
    health.warn("spool_in_use", () -> !outbox.spool().isEmpty());

    var map = new LinkMap(new LinkSnapshot(settings.data().resolve("links.snapshot")));
    closing.add(map::save);
    var events = new DeferredEventLog();
    closing.add(() -> events.close().await(5, TimeUnit.SECONDS));
    var forwards = loads(Role.REDIRECT) || loads(Role.INGEST);
    if (forwards) {
      deploy(vertx, new ForwardingVerticle(events, outbox));
      health.watch("kafka", events::lastTick);
    }
    var redirects =
        RedirectParts.redirects(
            settings, outbox.journals(), map, clock, TimeSource.of(wall), metrics);
    if (map.recall()) {
      redirects.forEach(redirect -> deploy(vertx, redirect));
      serves = !redirects.isEmpty();
    }
    if (serves && settings.roles().equals(Set.of(Role.REDIRECT))) {
      health.started();
    }

    var userAgents =
        loads(Role.AGGREGATION) ? Optional.of(new UserAgents()) : Optional.<UserAgents>empty();
    var infrastructure = Infrastructure.start(settings);
    infrastructure.embedded().ifPresent(servers::add);
    var sql = patiently(() -> Stores.Sql.reach(infrastructure, vertx));
    patiently(
        () -> {
          map.follow(vertx, sql.links()).await();
          return map;
        });
    var stores = patiently(() -> Stores.reach(settings, infrastructure, vertx, sql));
    if (forwards) {
      events.came(
          patiently(
              () ->
                  KafkaEventLog.open(
                      vertx, stores.kafka(), stores.topic(), clock, outbox::report)));
    }
    health.watch("postgres", stores.sql().rollups()::freshness);
    health.watch("redis", stores.redis()::ping);
    var adminKey = AdminKey.of(settings);
    var begun =
        loads(Role.MANAGEMENT)
            ? new FirstStart(stores.sql().owners(), stores.sql().links()).run(settings.data())
            : Optional.<FirstStart.Begun>empty();
    begun.ifPresent(first -> map.put(first.link()));
    if (!serves) {
      redirects.forEach(redirect -> deploy(vertx, redirect));
    }

    var access = new Access(stores.sql().owners(), adminKey.text());
    var limits = new RateLimits(settings.callsAMinute(), wall);
    var api = new Api(Router.router(vertx), access, limits, Contract.load());
    if (loads(Role.INGEST)) {
      deploy(vertx, new IngestVerticle(api, events, map, settings.retention(), clock, metrics));
    }
    if (loads(Role.MANAGEMENT)) {
      var rules = new ManagementVerticle.Rules(destinations(map), settings.publicUrl());
      deploy(vertx, new ManagementVerticle(api, stores.write(map), rules, clock));
    }
    if (loads(Role.AGGREGATION)) {
      var parts =
          closing.add(
              new AggregationParts(
                  settings,
                  stores.aggregation(),
                  userAgents.orElseThrow(),
                  TimeSource.of(wall),
                  metrics));
      parts.followers().forEach(health::watch);
      health.warn("countries_unknown", () -> settings.geoip().isEmpty());
      deploy(vertx, parts.verticle());
    }
    if (loads(Role.QUERY)) {
      var feed = new RedisFeed(vertx, stores.redis());
      closing.add(feed::close);
      feed.start().await();
      deploy(vertx, new QueryVerticle(api, stores.read(map), settings.retention(), wall));
    }
    if (loads(Role.INGEST) || loads(Role.MANAGEMENT) || loads(Role.QUERY)) {
      HttpPort.listen(vertx, place(settings.apiPort()), api.router()).await();
    }
    if (settings.demo()) {
      closing.add(new Demo(vertx, settings, stores.sql().owners(), stores.sql().links()).start());
    }
    health.started();
    Welcome.print(settings, adminKey, begun);
  }

  /**
   * While short links are answered, a store that is away is waited for; otherwise it is an error.
   */
  private <T> T patiently(Callable<T> work) throws Exception {
    while (true) {
      try {
        return work.call();
      } catch (Exception failure) {
        if (!serves) {
          throw failure;
        }
        log.warn("Short links are answered; the rest waits: {}", failure.toString());
        TimeUnit.SECONDS.sleep(1);
      }
    }
  }

  private boolean loads(Role role) {
    return settings.roles().contains(role);
  }

  private HttpPort.Place place(int port) {
    return new HttpPort.Place(settings.bind(), port, settings.idleSeconds());
  }

  private void deploy(Vertx vertx, Deployable verticle) {
    var id = vertx.deployVerticle(verticle).await();
    closing.add(() -> vertx.undeploy(id).await(15, TimeUnit.SECONDS));
  }

  private Destination destinations(LinkMap links) {
    var own = settings.publicUrl().getHost().toLowerCase(Locale.ROOT);
    return new Destination(
        host -> host.equals(own) || links.domain(host).isPresent(), settings.privateDestinations());
  }

  /** Takes everything down in reverse order: readers finish, the log is flushed, servers end. */
  @Override
  public void close() {
    closing.close();
  }
}
