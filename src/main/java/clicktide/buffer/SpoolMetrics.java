package clicktide.buffer;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** The gauges of a spool. */
final class SpoolMetrics {
  private SpoolMetrics() {}

  static void register(Spool spool, MeterRegistry metrics) {
    gauge("spool_bytes", spool, Spool::bytes, "Size of the spool on disk", metrics);
    gauge("spool_clicks", spool, Spool::clicks, "Clicks that wait in the spool", metrics);
    gauge(
        "spool_unreadable_clicks",
        spool,
        Spool::unreadable,
        "Clicks of damaged segments of the spool",
        metrics);
  }

  private static void gauge(
      String name,
      Spool spool,
      ToDoubleFunction<Spool> value,
      String description,
      MeterRegistry metrics) {
    Gauge.builder(name, spool, value)
        .description(description)
        .strongReference(true)
        .register(metrics);
  }
}
