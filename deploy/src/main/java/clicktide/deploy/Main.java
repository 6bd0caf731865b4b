package clicktide.deploy;

import clicktide.buffer.Outbox;
import clicktide.http.Access;
import clicktide.http.Api;
import clicktide.http.Contract;
import clicktide.http.HttpPort;
import clicktide.http.RateLimits;
import clicktide.http.SharedWindows;
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
  private volatile Optional<Platform> opened = Optional.empty();

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
      StopSignals.handle();
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
    opened = Optional.of(platform);
    watch(outbox, platform);
    var snapshot = new LinkSnapshot(settings.data().resolve("links.snapshot"));
    var links = new LinkMap(snapshot, time, Runtime.getRuntime().maxMemory() / 100 * LINKS_PERCENT);
    closer.add(links::close);
    platform.health().warn("links_exceed_memory", links::isPartial);
    Stores.expect(settings, platform.health());
    var events = new DeferredEventLog();
    closer.add(() -> events.close().await(5, TimeUnit.SECONDS));
    if (settings.forwards()) {
      platform.deploy(new ForwardingVerticle(events, outbox, time));
      platform.health().watch("kafka", events::lastTick);
    }

    // Redirect first: with a snapshot of the links, this node answers before it waits for stores.
    // Without one, redirects follow when the links have been read.
    var redirects = RedirectParts.verticles(platform, outbox.journals(), links);
    var isAnswering = links.recall() && !redirects.isEmpty();
    if (isAnswering) {
      RedirectParts.announce(platform, outbox);
      redirects.forEach(platform::deploy);
    }
    if (isAnswering && settings.roles().equals(Set.of(Role.REDIRECT))) {
      platform.health().started();
    }

    var parts = settings.roles().stream().sorted().flatMap(r -> RolePart.of(r).stream()).toList();
    var retry = new StartupRetry(isAnswering);
    var stores = connect(platform, servers, links, retry);
    closer.add(NodeHeartbeat.start(platform, stores.sql().nodes(), node));
    if (settings.forwards()) {
      events.connect(retry.call(() -> open(platform, stores, outbox)));
    }
    var installation = stores.sql().installation();
    var adminKey = retry.call(() -> AdminKey.of(platform, installation));
    var first =
        settings.roles().contains(Role.MANAGEMENT)
            ? retry.call(new FirstStart(platform, installation)::run)
            : Optional.<FirstStart.Created>empty();
    first.ifPresent(created -> links.put(created.link()));
    if (!isAnswering) {
      redirects.forEach(platform::deploy);
    }

    var windows = stores.windows(node, time);
    platform.vertx().setPeriodic(SharedWindows.EXCHANGE_MILLIS, _ -> windows.exchange());
    var api = api(platform, stores.sql(), windows);
    var connections = new RolePart.Connections(platform, links, events, stores, api, windows);
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

  private static void watch(Outbox outbox, Platform platform) {
    outbox.register(platform.metrics());
    platform.health().warn("journal_on_disk", outbox::isOnDisk);
    platform.health().warn("spool_in_use", () -> !outbox.spool().isEmpty());
  }

  private Stores connect(Platform platform, Closer servers, LinkMap links, StartupRetry retry)
      throws Exception {
    var infrastructure = Infrastructure.start(settings);
    infrastructure.embedded().ifPresent(servers::add);
    var reach = new Stores.Reach(settings, infrastructure, platform.vertx(), time, random);
    return Stores.reach(reach, platform, links, retry);
  }

  private static KafkaEventLog open(Platform platform, Stores stores, Outbox outbox) {
    var topics = stores.topics().orElseThrow();
    return KafkaEventLog.open(
        platform.vertx(), topics.kafka(), topics.events(), platform.clock(), outbox::report);
  }

  private Api api(Platform platform, Stores.Sql sql, SharedWindows windows) {
    var access =
        settings
            .adminKey()
            .map(key -> new Access(sql.owners(), key, time))
            .orElseGet(() -> new Access(sql.owners(), sql.installation(), time));
    var limits = new RateLimits(settings.callsAMinute(), windows);
    var addresses = new ClientAddress(settings.trustedProxies());
    var router = Router.router(platform.vertx());
    return new Api(router, access, limits, addresses, Contract.load(), random);
  }

  /**
   * Drains the ports, and closes everything else in reverse order: followers finish, the log is
   * flushed, servers end.
   */
  @Override
  public void close() {
    opened.ifPresent(base -> closer.add(base::drain));
    closer.close();
  }
}
