package clicktide.deploy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.util.List;

/** The meters of the JVM and the process: memory, garbage collection, threads, CPU and uptime. */
final class ProcessMeters {
  private ProcessMeters() {}

  /** Registers the meters; {@code closer} ends the notifications of the garbage collectors. */
  static void register(MeterRegistry registry, Closer closer) {
    List.of(
            closer.add(new JvmGcMetrics()),
            new JvmMemoryMetrics(),
            new JvmThreadMetrics(),
            new ProcessorMetrics(),
            new FileDescriptorMetrics(),
            new UptimeMetrics())
        .forEach(meters -> meters.bindTo(registry));
  }
}
