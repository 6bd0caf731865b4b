package clicktide.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("G15: the clock of a node")
class MonotonicClockTest {
  private static final Instant NOON = Instant.parse("2026-05-03T12:00:00Z");

  private final ManualTime monotonic = new ManualTime(NOON);
  private final AtomicReference<Instant> wall = new AtomicReference<>(NOON);
  private final MonotonicClock clock =
      new MonotonicClock(
          new TimeSource() {
            @Override
            public Instant instant() {
              return wall.get();
            }

            @Override
            public long nanos() {
              return monotonic.nanos();
            }
          });

  @Test
  @DisplayName("a step of the system clock does not move it, monotonic time does")
  void aStepDoesNotMoveIt() {
    wall.set(NOON.minus(Duration.ofHours(2)));
    assertThat(clock.instant()).isEqualTo(NOON);

    monotonic.advance(Duration.ofMillis(1_500));
    assertThat(clock.instant()).isEqualTo(NOON.plusMillis(1_500));
  }

  @Test
  @DisplayName("corrections add up, and the uncorrected time stays as it was")
  void correctionsAddUp() {
    clock.correct(Duration.ofSeconds(-3));
    clock.correct(Duration.ofSeconds(1));

    assertThat(clock.correction()).isEqualTo(Duration.ofSeconds(-2));
    assertThat(clock.instant()).isEqualTo(NOON.minusSeconds(2));
    assertThat(clock.uncorrected()).isEqualTo(NOON);
  }

  @Test
  @DisplayName("of ten readings at the start it takes the quickest")
  void takesTheQuickest() {
    var suspended = new ManualTime(NOON);
    var readings = new int[1];
    var started =
        new MonotonicClock(
            new TimeSource() {
              @Override
              public Instant instant() {
                var read = suspended.instant();
                if (readings[0]++ != 5) { // the thread is suspended in all readings but one
                  suspended.advance(Duration.ofMillis(20));
                }
                return read;
              }

              @Override
              public long nanos() {
                return suspended.nanos();
              }
            });

    assertThat(started.instant()).isEqualTo(suspended.instant());
  }
}
