package clicktide.deploy;

import clicktide.settings.Settings;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Names the port in the meters of HTTP servers, and makes a histogram of their latency. The address
 * of Vert.x alone differs between processes.
 */
record HttpMeterFilter(Map<Integer, String> labels) implements MeterFilter {
  private static final String SERVERS = "vertx.http.server.";
  private static final String LATENCY = SERVERS + "response.time";
  private static final double[] BUCKETS =
      Stream.of(10, 50, 100, 250, 1_000, 5_000)
          .mapToDouble(millis -> Duration.ofMillis(millis).toNanos())
          .toArray();

  /** A filter for the ports that the settings name. */
  static HttpMeterFilter of(Settings settings) {
    return new HttpMeterFilter(
        Arrays.stream(PublicPort.values())
            .collect(
                Collectors.toMap(port -> port.address(settings).getPort(), PublicPort::label)));
  }

  @Override
  public Meter.Id map(Meter.Id id) {
    var local = id.getTag("local");
    if (!id.getName().startsWith(SERVERS) || local == null) {
      return id;
    }
    var port = Integer.parseInt(local.substring(local.lastIndexOf(':') + 1));
    return id.withTag(Tag.of("port", labels.getOrDefault(port, "other")));
  }

  @Override
  public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
    return id.getName().equals(LATENCY)
        ? DistributionStatisticConfig.builder()
            .serviceLevelObjectives(BUCKETS)
            .build()
            .merge(config)
        : config;
  }
}
