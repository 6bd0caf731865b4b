package clicktide.deploy;

import clicktide.bus.ByReference;
import clicktide.http.ConnectionLimit;
import clicktide.http.HttpPort;
import clicktide.http.PortDrain;
import clicktide.net.Network;
import clicktide.settings.Settings;
import clicktide.time.MonotonicClock;
import clicktide.time.TimeSource;
import com.sun.management.UnixOperatingSystemMXBean;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Deployable;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * The base of every part: settings, clocks, secure random numbers, Vert.x, metrics, and the health
 * that the management port reports. None of it needs a store.
 */
record Platform(
    Settings settings,
    TimeSource time,
    RandomGenerator random,
    MonotonicClock clock,
    Vertx vertx,
    PrometheusMeterRegistry metrics,
    Health health,
    PortDrain ports,
    Closer closer) {
  private static final List<Network> LOOPBACK =
      Stream.of("127.0.0.0/8", "::1").flatMap(text -> Network.parse(text).stream()).toList();
  private static final int CLOSE_SECONDS = 15; // at most, for Vert.x and for each verticle

  /** Starts Vert.x and opens the management port; {@code closer} ends both. */
  static Platform open(Settings settings, TimeSource time, RandomGenerator random, Closer closer) {
    var clock = new MonotonicClock(time);
    var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    metrics.config().meterFilter(HttpMeterFilter.of(settings));
    var vertx = VertxMeters.start(metrics, settings.port()); // adds the last filter of meters
    ProcessMeters.register(metrics, closer);
    closer.add(() -> vertx.close().await(CLOSE_SECONDS, TimeUnit.SECONDS));
    ByReference.register(vertx);
    Gauge.builder("clock_correction_seconds", clock, c -> c.correction().toMillis() / 1_000.0)
        .description("Correction of this node's clock by the time stamps of the log")
        .strongReference(true) // only redirects and collectors keep the clock
        .register(metrics);
    Gauge.builder("build.info", () -> 1)
        .description("1, with the version of the build")
        .tag("version", Version.TEXT)
        .strongReference(true)
        .register(metrics);
    var health = new Health(vertx, metrics);
    var ports = new PortDrain();
    var platform =
        new Platform(settings, time, random, clock, vertx, metrics, health, ports, closer);
    health.listen(platform.place(PublicPort.MANAGEMENT)).await();
    return platform;
  }

  /** Returns the options of a port with its share of the connections. */
  HttpPort.PortOptions place(PublicPort port) {
    var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    var most = port.mostConnections(system.getMaxFileDescriptorCount());
    var exempt = new ArrayList<>(settings.trustedProxies());
    exempt.addAll(LOOPBACK);
    var address = port.address(settings);
    var options =
        new HttpPort.PortOptions(address.getHostString(), address.getPort(), settings.idleSeconds())
            .limitedBy(new ConnectionLimit(most, exempt, metrics, port.label()));
    return port == PublicPort.MANAGEMENT ? options : options.drainedBy(ports);
  }

  /**
   * Reports that this process stops, serves for the drain time if it was ready, and closes the link
   * port and the API port. The management port answers until Vert.x ends.
   */
  void drain() throws InterruptedException {
    var isServing = health.stop();
    if (isServing && settings.drain().isPositive()) {
      ports.begin();
      TimeUnit.NANOSECONDS.sleep(settings.drain().toNanos());
    }
    ports.close();
  }

  /** Deploys a verticle, waits until it has started, and undeploys it at the end. */
  void deploy(Deployable verticle) {
    var id = vertx.deployVerticle(verticle).await();
    closer.add(() -> vertx.undeploy(id).await(CLOSE_SECONDS, TimeUnit.SECONDS));
  }
}
