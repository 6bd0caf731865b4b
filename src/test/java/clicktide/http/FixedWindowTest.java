package clicktide.http;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.http.FixedWindow.Remaining;
import clicktide.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A limit per key and window")
class FixedWindowTest {
  private final ManualTime time = new ManualTime(Instant.parse("2026-05-03T12:00:59Z"));
  private final FixedWindow<String> window =
      new FixedWindow<>(2, Duration.ofSeconds(10), 100, time);

  @Test
  @DisplayName("begins with the first use of a key and ends after its length")
  void beginsWithTheFirstUse() {
    assertThat(window.use("a")).isEqualTo(new Remaining(1, 10));
    time.advance(Duration.ofMillis(9_999));
    assertThat(window.use("a")).isEqualTo(new Remaining(0, 1));
    assertThat(window.use("b")).isEqualTo(new Remaining(1, 10));

    time.advance(Duration.ofMillis(1));
    assertThat(window.use("a")).isEqualTo(new Remaining(1, 10));
  }

  @Test
  @DisplayName("is exceeded by each use beyond the limit, not by the last one within it")
  void isExceeded() {
    assertThat(window.use("a").isExceeded()).isFalse();
    assertThat(window.isExhausted("a")).isFalse();
    assertThat(window.use("a").isExceeded()).isFalse();
    assertThat(window.isExhausted("a")).isTrue();
    assertThat(window.use("a").isExceeded()).isTrue();
    assertThat(window.isExhausted("b")).isFalse();
  }

  @Test
  @DisplayName("counts several uses at once, or none of them")
  void countsAllOrNone() {
    assertThat(window.use("a", 3)).isEqualTo(new Remaining(-1, 10));
    assertThat(window.use("a", 2)).isEqualTo(new Remaining(0, 10));
    assertThat(window.use("a", 1).isExceeded()).isTrue();
  }

  @Test
  @DisplayName("takes a use back, but not into a later window")
  void takesAUseBack() {
    window.use("a");
    window.giveBack("a");
    assertThat(window.use("a")).isEqualTo(new Remaining(1, 10));

    time.advance(Duration.ofSeconds(10));
    window.giveBack("a");
    assertThat(window.use("a")).isEqualTo(new Remaining(1, 10));
  }
}
