package clicktide.count;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("E3: freshThrough of a partition")
class WatermarkTest {
  private static final Instant AT = Instant.parse("2026-05-03T12:00:00Z");

  private final Watermark watermark = new Watermark();

  @Test
  @DisplayName("is not known in the first seconds, because a node may not have been heard yet")
  void isNotKnownInTheFirstSeconds() {
    assertThat(watermark.through()).isEqualTo(Instant.EPOCH);
    watermark.observe(AT, 1, AT);
    watermark.observe(AT.plusSeconds(2), 1, AT.plusSeconds(2));
    assertThat(watermark.through()).isEqualTo(Instant.EPOCH);
    watermark.observe(AT.plusSeconds(3), 1, AT.plusSeconds(3));
    assertThat(watermark.through()).isEqualTo(AT.plusSeconds(3));
  }

  @Test
  @DisplayName("is the broker's time, held back by the oldest open click of any node")
  void isHeldBackByTheOldestOpenClick() {
    watermark.observe(AT.minusSeconds(9), 1, AT);
    watermark.observe(AT, 1, AT);
    assertThat(watermark.through()).isEqualTo(AT);
    watermark.observe(AT.plusSeconds(2), 2, AT.minusSeconds(5));
    assertThat(watermark.through()).isEqualTo(AT.minusSeconds(5));
    watermark.observe(AT.plusSeconds(3), 2, AT.plusSeconds(3));
    assertThat(watermark.through()).isEqualTo(AT);
    watermark.observe(AT.plusSeconds(4), 1, AT.plusSeconds(9));
    assertThat(watermark.through()).isEqualTo(AT.plusSeconds(3));
  }

  @Test
  @DisplayName("is not held back by a node that was silent for 30 seconds")
  void isNotHeldBackByASilentNode() {
    watermark.observe(AT, 1, AT.minusSeconds(60));
    watermark.observe(AT.plusSeconds(30), 2, AT.plusSeconds(30));
    assertThat(watermark.through()).isEqualTo(AT.minusSeconds(60));
    watermark.observe(AT.plusSeconds(31), 2, AT.plusSeconds(31));
    assertThat(watermark.through()).isEqualTo(AT.plusSeconds(31));
  }
}
