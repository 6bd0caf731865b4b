package clicktide.deploy;

import clicktide.buffer.Outbox;
import clicktide.http.Access;
import clicktide.http.Api;
import clicktide.http.Contract;
import clicktide.http.HttpPort;
import clicktide.http.RateLimits;
import clicktide.ingest.ForwardingVerticle;
import clicktide.kafka.KafkaEventLog;
import clicktide.net.ClientAddress;
import clicktide.replica.LinkMap;
import clicktide.replica.LinkSnapshot;
import clicktide.settings.Role;
import clicktide.settings.Settings;
import clicktide.store.Unavailable;
import clicktide.time.TimeSource;
import io.vertx.ext.web.Router;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The product: the list of its parts, in the order of their start. It closes them in reverse order.
 * Short links are answered first, from the snapshot of this node, whether or not a store answers.
 */
public final class Main implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Main.class);

  private static final int LINKS_PERCENT = 70; // of the heap, for links in memory

  private final Settings settings;
  private final TimeSource time;
  private final SecureRandom random = new SecureRandom();
  private final Closer closer = new Closer();

  private Main(Settings settings, TimeSource time) {
    this.settings = settings;
    this.time = time;
  }

  public static void main(String[] arguments) {
    var words = List.of(arguments);
    try {
      if (Commands.run(System.getenv(), words, System.out)) {
        return;
      }
      if (words.isEmpty() || !words.getFirst().equals("run")) {
        fail(Commands.USAGE);
      }
      JavaVersion.require(Runtime.version());
      var rest = words.subList(1, words.size());
      var product = new Main(Settings.from(System.getenv(), rest), TimeSource.system());
      Runtime.getRuntime().addShutdownHook(new Thread(product::close, "shutdown"));
      product.begin();
    } catch (IllegalArgumentException | IllegalStateException | Unavailable refusal) {
      log.debug("Clicktide could not start", refusal);
      fail(refusal.getMessage());
    } catch (Throwable failure) { // clients fail futures with more than exceptions
      log.error("Clicktide could not start", failure);
      fail("Clicktide could not start.");
    }
  }

  private static void fail(String sentence) {
    System.err.println(sentence);
    System.exit(1);
  }

  /** Starts the product and returns when every role works; closes what was started otherwise. */
  public static Main start(Settings settings, InstantSource wall) throws Exception {
    var product = new Main(settings, TimeSource.of(wall));
    try {
      product.begin();
      return product;
    } catch (Throwable failure) {
      product.close();
      throw failure;
    }
  }

  private void begin() throws Exception {
    log.info("Clicktide {} starts with the roles {}", Version.TEXT, settings.roles());
    closer.add(FolderLock.ofData(settings.data()));
    PublicPort.requireFree(settings);
    var node = NodeIdentity.next(settings.data(), random);
    FolderLock.ofJournals(RedirectParts.memory(settings, node)).ifPresent(closer::add);
    var outbox = closer.add(RedirectParts.outbox(settings, node, time, random));
    var servers = closer.add(new Closer()); // embedded servers end after Vert.x
    var platform = Platform.open(settings, time, random, closer);
    watch(outbox, platform);
    var snapshot = new LinkSnapshot(settings.data().resolve("links.snapshot"));
    var links = new LinkMap(snapshot, time, Runtime.getRuntime().maxMemory() / 100 * LINKS_PERCENT);
    closer.add(links::save);
    platform.health().warn("links_exceed_memory", links::isPartial);
    var events = new DeferredEventLog();
    closer.add(() -> events.close().await(5, TimeUnit.SECONDS));
    if (forwards()) {
      platform.deploy(new ForwardingVerticle(events, outbox, time));
      platform.health().watch("kafka", events::lastTick);
    }

    // Redirect first: with a snapshot of the links, this node answers before it reaches any store,
    // and then waits for the stores. Without one, redirects follow when the links have been read.
    var redirects = RedirectParts.verticles(platform, outbox.journals(), links);
    var isAnswering = links.recall() && !redirects.isEmpty();
    if (isAnswering) {
      redirects.forEach(platform::deploy);
    }
    if (isAnswering && settings.roles().equals(Set.of(Role.REDIRECT))) {
      platform.health().started();
    }

    var parts = settings.roles().stream().sorted().flatMap(r -> RolePart.of(r).stream()).toList();
    var retry = new StartupRetry(isAnswering);
    var stores = connect(platform, servers, links, retry);
    closer.add(NodeHeartbeat.start(platform, stores.sql().nodes(), node));
    if (forwards()) {
      events.connect(retry.call(() -> open(platform, stores, outbox)));
    }
    platform.health().watch("postgres", stores.sql().rollups()::freshness);
    platform.health().watch("redis", stores.redis()::ping);
    var adminKey = AdminKey.of(platform, stores.sql().installation());
    var first =
        settings.roles().contains(Role.MANAGEMENT)
            ? new FirstStart(platform, stores.sql().installation()).run()
            : Optional.<FirstStart.Created>empty();
    first.ifPresent(created -> links.put(created.link()));
    if (!isAnswering) {
      redirects.forEach(platform::deploy);
    }

    var api = api(platform, stores.sql());
    var connections = new RolePart.Connections(platform, links, events, stores, api);
    for (var part : parts) {
      part.start(connections);
    }
    if (parts.stream().anyMatch(RolePart::hasRoutes)) {
      HttpPort.listen(platform.vertx(), platform.place(PublicPort.API), api.router()).await();
    }
    if (settings.demo()) {
      closer.add(new Demo(platform, stores.sql(), random).start());
    }
    platform.health().started();
    Welcome.print(settings, adminKey, first);
  }

  /** Redirects and collectors leave events that have to be forwarded to Kafka. */
  private boolean forwards() {
    return settings.roles().contains(Role.REDIRECT) || settings.roles().contains(Role.INGEST);
  }

  private static void watch(Outbox outbox, Platform platform) {
    outbox.register(platform.metrics());
    platform.health().warn("journal_on_disk", outbox::isOnDisk);
    platform.health().warn("spool_in_use", () -> !outbox.spool().isEmpty());
  }

  /** Reaches PostgreSQL first, so that the links are fresh even while Kafka is unavailable. */
  private Stores connect(Platform platform, Closer servers, LinkMap links, StartupRetry retry)
      throws Exception {
    var infrastructure = Infrastructure.start(settings);
    infrastructure.embedded().ifPresent(servers::add);
    var vertx = platform.vertx();
    var sql = retry.call(() -> Stores.Sql.reach(settings, infrastructure, vertx, random));
    retry.call(() -> links.follow(vertx, sql.links()).await());
    return retry.call(() -> Stores.reach(settings, infrastructure, vertx, sql, time));
  }

  private static KafkaEventLog open(Platform platform, Stores stores, Outbox outbox) {
    return KafkaEventLog.open(
        platform.vertx(), stores.kafka(), stores.topic(), platform.clock(), outbox::report);
  }

  private Api api(Platform platform, Stores.Sql sql) {
    var access =
        settings
            .adminKey()
            .map(key -> new Access(sql.owners(), key, time))
            .orElseGet(() -> new Access(sql.owners(), sql.installation(), time));
    var limits = new RateLimits(settings.callsAMinute(), time);
    var addresses = new ClientAddress(settings.trustedProxies());
    var router = Router.router(platform.vertx());
    return new Api(router, access, limits, addresses, Contract.load(), random);
  }

  /** Closes everything in reverse order: followers finish, the log is flushed, servers end. */
  @Override
  public void close() {
    closer.close();
  }
}
