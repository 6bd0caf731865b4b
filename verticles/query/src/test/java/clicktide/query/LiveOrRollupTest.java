package clicktide.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.store.Freshness;
import java.time.Instant;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("G8: the live counts answer, or else the rollups")
class LiveOrRollupTest {
  private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
  private static final Freshness ROLLUPS = new Freshness(NOW, Set.of(), 12);

  private static String read(Supplier<Freshness> live, Function<Freshness, String> fromLive) {
    return LiveOrRollup.read(live, Function.identity(), ROLLUPS, fromLive, () -> "rollups");
  }

  private static String read(Freshness live) {
    return read(() -> live, _ -> "live");
  }

  @Test
  @DisplayName("live counts that are up to five seconds behind the rollups answer")
  void fresh() {
    assertThat(read(ROLLUPS)).isEqualTo("live");
    assertThat(read(new Freshness(NOW.minusSeconds(5), Set.of(), 12))).isEqualTo("live");
  }

  @Test
  @DisplayName("the rollups answer if the live counts are behind or lack a partition")
  void behind() {
    assertThat(read(new Freshness(NOW.minusMillis(5_001), Set.of(), 12))).isEqualTo("rollups");
    assertThat(read(new Freshness(NOW, Set.of(), 11))).isEqualTo("rollups");
  }

  @Test
  @DisplayName("the rollups answer if the live counts are unavailable")
  void unavailable() {
    Supplier<Freshness> failing =
        () -> {
          throw new IllegalStateException("no connection");
        };
    assertThat(read(failing, _ -> "live")).isEqualTo("rollups");
  }

  @Test
  @DisplayName("a failure after the live counts were read is not hidden by the rollups")
  void laterFailures() {
    assertThatThrownBy(
            () ->
                read(
                    () -> ROLLUPS,
                    _ -> {
                      throw new IllegalStateException("later");
                    }))
        .hasMessage("later");
  }
}
