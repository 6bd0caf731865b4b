package clicktide.deploy;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.metrics.HttpServerMetrics;
import io.vertx.core.spi.metrics.PoolMetrics;
import io.vertx.core.spi.metrics.VertxMetrics;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.EnumSet;

/**
 * The meters of Vert.x: event loops, pools, and HTTP servers except that of the short links. They
 * would take 8 to 15 % more processor time of a redirect. Labels have the template of a route. No
 * label has a path or a method in it, because clients choose both.
 */
final class VertxMeters implements VertxMetrics {
  private static final EnumSet<Label> LABELS =
      EnumSet.of(Label.LOCAL, Label.HTTP_CODE, Label.HTTP_ROUTE, Label.POOL_TYPE, Label.POOL_NAME);

  private final VertxMetrics all;
  private final int linkPort;

  private VertxMeters(VertxMetrics all, int linkPort) {
    this.all = all;
    this.linkPort = linkPort;
  }

  /** Starts Vert.x with meters in this registry. */
  static Vertx start(MeterRegistry registry, int linkPort) {
    var meters =
        new MicrometerMetricsOptions()
            .setEnabled(true)
            .setRegistryName(
                "links-" + linkPort) // of all in this process, so that tests may run two
            .setNettyMetricsEnabled(true)
            .setLabels(LABELS);
    registry.config().meterFilter(MeterFilter.deny(VertxMeters::hasNoValue));
    var all = new MicrometerMetricsFactory(registry);
    return Vertx.builder()
        .with(new VertxOptions().setPreferNativeTransport(true).setMetricsOptions(meters))
        .withMetrics(options -> new VertxMeters(all.metrics(options), linkPort))
        .build();
  }

  /** Returns true for the share of a pool without a limit, which is NaN. */
  private static boolean hasNoValue(Meter.Id id) {
    return id.getName().equals("vertx.pool.ratio")
        && "vert.x-virtual-thread".equals(id.getTag("pool_name"));
  }

  @Override
  public HttpServerMetrics<?, ?, ?> createHttpServerMetrics(
      HttpServerOptions options, SocketAddress address) {
    return options.getPort() == linkPort ? null : all.createHttpServerMetrics(options, address);
  }

  @Override
  public PoolMetrics<?, ?> createPoolMetrics(String type, String name, int size) {
    return all.createPoolMetrics(type, name, size);
  }

  @Override
  public void vertxCreated(Vertx vertx) {
    all.vertxCreated(vertx);
  }

  @Override
  public boolean isMetricsEnabled() {
    return true;
  }

  @Override
  public void close() {
    all.close();
  }
}
