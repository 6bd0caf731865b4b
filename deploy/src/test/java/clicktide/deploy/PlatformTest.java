package clicktide.deploy;

import static clicktide.time.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import clicktide.time.TimeSource;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("O1: the metrics of every process, whatever its roles are")
class PlatformTest {
  @TempDir Path data;
  private final Closer closer = new Closer();
  private PrometheusMeterRegistry metrics;

  @BeforeEach
  void open() {
    var settings = new Installation(data).settings();
    metrics = Platform.open(settings, TimeSource.system(), new Random(1), closer).metrics();
  }

  @AfterEach
  void close() {
    closer.close();
  }

  @Test
  @DisplayName("memory, garbage collection, threads, CPU, open files and uptime have values")
  void theProcessHasMetrics() {
    assertThat(metrics.scrape())
        .contains("\njvm_memory_used_bytes{area=\"heap\"")
        .contains("\njvm_gc_max_data_size_bytes ")
        .contains("\njvm_threads_live_threads ")
        .contains("\nprocess_cpu_usage ")
        .contains("\nprocess_files_open_files ")
        .contains("\nprocess_uptime_seconds ")
        .doesNotContain(" NaN");
  }

  @Test
  @DisplayName("the clock correction keeps its value if nothing but the metric uses the clock")
  void theClockCorrectionKeepsItsValue() {
    var garbage = new WeakReference<>(new Object());
    eventually("garbage is collected")
        .until(
            () -> {
              System.gc();
              return garbage.refersTo(null);
            });

    assertThat(metrics.scrape()).contains("\nclock_correction_seconds 0.0\n");
  }
}
