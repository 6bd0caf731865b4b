package clicktide.deploy;

import clicktide.aggregation.AggregationVerticle;
import clicktide.bus.ByReference;
import clicktide.enrich.Enrichment;
import clicktide.enrich.GeoIp;
import clicktide.enrich.Places;
import clicktide.enrich.UserAgents;
import clicktide.enrich.VisitorHash;
import clicktide.event.SteadyClock;
import clicktide.http.Access;
import clicktide.http.Api;
import clicktide.http.ClientAddress;
import clicktide.http.HttpPort;
import clicktide.ingest.ForwardingVerticle;
import clicktide.ingest.IngestVerticle;
import clicktide.kafka.KafkaEventLog;
import clicktide.kafka.LogFollower;
import clicktide.kafka.Topic;
import clicktide.link.Destination;
import clicktide.query.QueryVerticle;
import clicktide.redirect.Misses;
import clicktide.redirect.RedirectVerticle;
import clicktide.redis.RedisFeed;
import clicktide.redis.RedisLiveCounts;
import clicktide.redis.RedisLiveSink;
import clicktide.redis.RedisServers;
import clicktide.redis.RedisTickets;
import clicktide.settings.Role;
import clicktide.settings.Settings;
import clicktide.store.LinkMap;
import clicktide.store.Sink;
import clicktide.timescale.Database;
import clicktide.timescale.Migrations;
import clicktide.timescale.PostgresLinks;
import clicktide.timescale.PostgresOwners;
import clicktide.timescale.Refresher;
import clicktide.timescale.RollupSink;
import clicktide.timescale.SqlRollups;
import clicktide.timescale.VisitorKeys;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Deployable;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The product: builds its parts by hand, in reading order, and takes them down in reverse. */
public final class Main implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Main.class);
  private static final int LIVE_RECORDS = 10; // a script keeps Redis busy for all of them
  private static final int ROLLUP_RECORDS = 40;
  private static final Duration LIVE_FLUSH = Duration.ofMillis(200);

  private final Settings settings;
  private final Closing closing = new Closing();

  private Main(Settings settings) {
    this.settings = settings;
  }

  public static void main(String[] arguments) {
    if (arguments.length == 0 || !arguments[0].equals("run")) {
      fail("usage: " + Settings.USAGE);
    }
    try {
      var rest = Arrays.asList(arguments).subList(1, arguments.length);
      var product = start(Settings.from(System.getenv(), rest), Clock.systemUTC());
      Runtime.getRuntime().addShutdownHook(new Thread(product::close, "shutdown"));
    } catch (IllegalArgumentException | IllegalStateException mistake) {
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
    var product = new Main(settings);
    try {
      product.begin(wall);
      return product;
    } catch (Throwable failure) {
      product.close();
      throw failure;
    }
  }

  private void begin(InstantSource wall) throws Exception {
    closing.add(FolderLock.take(settings.data()));
    PublicPorts.requireFree(settings);
    var userAgents =
        loads(Role.AGGREGATION) ? Optional.of(new UserAgents()) : Optional.<UserAgents>empty();
    var infrastructure = Infrastructure.start(settings);
    infrastructure.embedded().ifPresent(closing::add);
    var adminKey = AdminKey.of(settings);
    var database = Database.at(infrastructure.postgres());
    log.info("The rollups are kept by {}", Migrations.migrate(database));
    var topic =
        Topic.ready(
            infrastructure.kafka(),
            Topic.EVENTS,
            new Topic.Shape(settings.partitions(), settings.replication()));
    var node = Node.next(settings.data());
    var clock = new SteadyClock(wall);

    var vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    closing.add(() -> vertx.close().await(15, TimeUnit.SECONDS));
    ByReference.register(vertx);
    var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var health = new Health(vertx, metrics);
    health.listen(place(settings.managementPort())).await();

    var pool = database.pool(vertx, 8);
    var redis = new RedisServers(vertx, infrastructure.redis());
    var rollups = new SqlRollups(pool);
    health.watch("postgres", rollups::freshThrough);
    health.watch("redis", redis::ping);
    var owners = new PostgresOwners(pool);
    var links = new PostgresLinks(pool);
    var map = new LinkMap(links);
    map.follow(vertx).await();
    var begun =
        loads(Role.INGEST)
            ? new FirstStart(owners, links).run(settings.data())
            : Optional.<FirstStart.Begun>empty();
    begun.ifPresent(first -> map.put(first.link()));

    var api = new Api(Router.router(vertx), new Access(owners, adminKey.text()));
    if (loads(Role.REDIRECT) || loads(Role.INGEST)) {
      var lanes = Lanes.of(node, loads(Role.REDIRECT) ? settings.eventLoops() : 0);
      var events =
          new KafkaEventLog(vertx, infrastructure.kafka(), topic, node.id(), clock, lanes::oldest);
      closing.add(() -> events.close().await(5, TimeUnit.SECONDS));
      health.watch("kafka", events::lastTick);
      deploy(vertx, new ForwardingVerticle(events, lanes.journals()));
      if (loads(Role.REDIRECT)) {
        redirects(vertx, lanes, map, clock, metrics);
      }
      if (loads(Role.INGEST)) {
        var stores = new IngestVerticle.Stores(links, owners, map);
        deploy(
            vertx,
            new IngestVerticle(api, events, stores, destinations(), settings.publicUrl(), clock));
      }
    }
    if (loads(Role.AGGREGATION)) {
      var plan = new Following(infrastructure.kafka(), topic, wall);
      aggregation(vertx, plan, database, redis, userAgents.orElseThrow());
    }
    if (loads(Role.QUERY)) {
      var feed = new RedisFeed(vertx, redis);
      closing.add(feed::close);
      feed.start().await();
      var stores =
          new QueryVerticle.Stores(
              map, owners, rollups, new RedisLiveCounts(redis), new RedisTickets(redis));
      deploy(vertx, new QueryVerticle(api, stores, wall));
    }
    if (loads(Role.INGEST) || loads(Role.QUERY)) {
      HttpPort.listen(vertx, place(settings.apiPort()), api.router()).await();
    }
    if (settings.demo()) {
      closing.add(new Demo(vertx, settings, owners, links).start());
    }
    health.started();
    Welcome.print(settings, adminKey, begun);
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

  private void redirects(
      Vertx vertx, Lanes lanes, LinkMap map, InstantSource clock, MeterRegistry metrics) {
    var misses = new Misses(map);
    var addresses = new ClientAddress(settings.trustedProxies());
    for (var lane : lanes.all()) {
      deploy(
          vertx,
          new RedirectVerticle(
              place(settings.port()), lane, map, misses, addresses, clock, metrics));
    }
  }

  private Destination destinations() {
    var own =
        Stream.of(settings.publicUrl().getHost().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    return new Destination(own, settings.privateDestinations());
  }

  private record Following(String kafka, Topic topic, InstantSource wall) {
    LogFollower by(Sink sink, Duration flush, int records, Enrichment enrichment) {
      return new LogFollower(
          new LogFollower.Plan(kafka, topic, flush, records, wall), sink, enrichment::visit);
    }
  }

  private void aggregation(
      Vertx vertx,
      Following following,
      Database database,
      RedisServers redis,
      UserAgents userAgents)
      throws IOException {
    var keys = new VisitorKeys(database, following.wall());
    Places places =
        settings.geoip().isPresent()
            ? closing.add(new GeoIp(settings.geoip().get()))
            : Places.UNKNOWN;
    var enrichment = new Enrichment(userAgents, places, new VisitorHash(keys::of));
    var followers =
        List.of(
            following.by(new RedisLiveSink(redis), LIVE_FLUSH, LIVE_RECORDS, enrichment),
            following.by(new RollupSink(database), settings.flush(), ROLLUP_RECORDS, enrichment));
    deploy(
        vertx, new AggregationVerticle(followers, new Refresher(database, following.wall()), keys));
  }

  /** Takes everything down in reverse order: readers finish, the log is flushed, servers end. */
  @Override
  public void close() {
    closing.close();
  }
}
