package clicktide.aggregation.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.count.TestClicks;
import clicktide.event.Heartbeat;
import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.wire.Envelope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("C2, G15: the time of a click whose node had a wrong clock")
class ClockCorrectionTest {
  private static final Instant AT = Instant.parse("2026-05-03T12:00:00Z");
  private static final Duration TWO_HOURS = Duration.ofHours(2);

  /** A click of boot 1 of node 1. */
  private static LinkClick click(Instant at) {
    return TestClicks.click(new Identity.Own(1, 1, 0, 0), 1, at);
  }

  private static Envelope envelope(int boot, Duration correction) {
    var report = new Heartbeat(1, boot, boot, AT, List.of(0L), List.of(), false);
    return new Envelope(AT, correction, report, List.of());
  }

  private static Instant corrected(LinkClick click, Envelope envelope) {
    return ClockCorrection.apply(click, envelope, AT).at();
  }

  @Test
  @DisplayName("a correction that came after the click is applied to it")
  void appliesTheCorrection() {
    assertThat(corrected(click(AT.plus(TWO_HOURS)), envelope(1, TWO_HOURS.negated())))
        .isEqualTo(AT);
    assertThat(corrected(click(AT.minus(TWO_HOURS)), envelope(1, TWO_HOURS))).isEqualTo(AT);
  }

  @Test
  @DisplayName("a difference of up to a second is left, and the click stays the same")
  void leavesASecond() {
    var click = click(AT);

    assertThat(ClockCorrection.apply(click, envelope(1, Duration.ofSeconds(1)), AT))
        .isSameAs(click);
    assertThat(corrected(click, envelope(1, Duration.ofMillis(1_001))))
        .isEqualTo(AT.plusMillis(1_001));
  }

  @Test
  @DisplayName("the clock of another boot says nothing about this click")
  void anotherBootDoesNotCorrect() {
    var at = AT.minus(TWO_HOURS);

    assertThat(corrected(click(at), envelope(2, TWO_HOURS))).isEqualTo(at);
  }

  @Test
  @DisplayName("a click more than five minutes ahead of the broker gets the broker's time")
  void neverFarAhead() {
    var limit = AT.plus(Duration.ofMinutes(5));

    assertThat(corrected(click(limit), envelope(1, Duration.ZERO))).isEqualTo(limit);
    assertThat(corrected(click(limit.plusMillis(1)), envelope(1, Duration.ZERO))).isEqualTo(AT);
  }

  @Test
  @DisplayName("a click carries its correction")
  void carriesItsCorrection() {
    var late = click(AT.plus(TWO_HOURS));

    var corrected = ClockCorrection.apply(late, envelope(1, TWO_HOURS.negated()), AT);

    assertThat(ClockCorrection.of(corrected)).isEqualTo(TWO_HOURS.negated());
  }
}
