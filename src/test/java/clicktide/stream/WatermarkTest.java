package clicktide.stream;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.count.TestClicks;
import clicktide.event.Heartbeat;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("E3: freshThrough of a partition")
class WatermarkTest {
  private static final Instant AT = Instant.parse("2026-05-03T12:00:00Z");

  private final Watermark watermark = new Watermark();

  @Test
  @DisplayName(
      "is not known in the first seconds, because a node may not have sent a heartbeat yet")
  void isNotKnownInTheFirstSeconds() {
    assertThat(watermark.time()).isEqualTo(Instant.EPOCH);
    watermark.observe(AT, AT, TestClicks.report(1, AT));
    watermark.observe(
        AT.plusSeconds(2), AT.plusSeconds(2), TestClicks.report(1, AT.plusSeconds(2)));
    assertThat(watermark.time()).isEqualTo(Instant.EPOCH);
    watermark.observe(
        AT.plusSeconds(3), AT.plusSeconds(3), TestClicks.report(1, AT.plusSeconds(3)));
    assertThat(watermark.time()).isEqualTo(AT.plusSeconds(3));
  }

  @Test
  @DisplayName("is the broker's time, held back by the oldest open click of any node")
  void isHeldBackByTheOldestOpenClick() {
    watermark.observe(AT.minusSeconds(9), AT.minusSeconds(9), TestClicks.report(1, AT));
    watermark.observe(AT, AT, TestClicks.report(1, AT));
    assertThat(watermark.time()).isEqualTo(AT);
    watermark.observe(
        AT.plusSeconds(2), AT.plusSeconds(2), TestClicks.report(2, AT.minusSeconds(5)));
    assertThat(watermark.time()).as("never goes back").isEqualTo(AT);
    assertThat(watermark.silent()).containsExactly(2L);
    watermark.observe(
        AT.plusSeconds(3), AT.plusSeconds(3), TestClicks.report(2, AT.plusSeconds(3)));
    assertThat(watermark.time()).isEqualTo(AT);
    watermark.observe(
        AT.plusSeconds(4), AT.plusSeconds(4), TestClicks.report(1, AT.plusSeconds(9)));
    assertThat(watermark.time()).isEqualTo(AT.plusSeconds(3));
  }

  @Test
  @DisplayName("is not held back by a node that was silent for 30 seconds")
  void isNotHeldBackByASilentNode() {
    watermark.observe(AT, AT, TestClicks.report(1, AT.minusSeconds(60)));
    watermark.observe(
        AT.plusSeconds(30), AT.plusSeconds(30), TestClicks.report(2, AT.plusSeconds(30)));
    assertThat(watermark.time()).isEqualTo(AT.minusSeconds(60));
    watermark.observe(
        AT.plusSeconds(31), AT.plusSeconds(31), TestClicks.report(2, AT.plusSeconds(31)));
    assertThat(watermark.time()).isEqualTo(AT.plusSeconds(31));
  }

  @Test
  @DisplayName("does not wait for a node without lanes and never names it")
  void aNodeWithoutLanesIsNotWaitedFor() {
    watermark.observe(AT, AT, new Heartbeat(1, 1, 1, AT, List.of(), List.of(), false));
    watermark.observe(
        AT.plusSeconds(40), AT.plusSeconds(40), TestClicks.report(2, AT.plusSeconds(40)));
    assertThat(watermark.time()).isEqualTo(AT.plusSeconds(40));
    assertThat(watermark.silent()).isEmpty();
  }

  @Test
  @DisplayName("names a silent node until its next heartbeat or its last one")
  void aSilentNodeIsNamed() {
    watermark.observe(AT, AT, TestClicks.report(1, AT));
    watermark.observe(AT, AT, TestClicks.report(2, AT));
    watermark.observe(
        AT.plusSeconds(31), AT.plusSeconds(31), TestClicks.report(3, AT.plusSeconds(31)));
    assertThat(watermark.silent()).containsExactly(1L, 2L);
    watermark.observe(
        AT.plusSeconds(32), AT.plusSeconds(32), TestClicks.report(1, AT.plusSeconds(32)));
    watermark.observe(
        AT.plusSeconds(33),
        AT.plusSeconds(33),
        new Heartbeat(2, 1, 1, AT.plusSeconds(33), List.of(), List.of(), true));
    assertThat(watermark.silent()).isEmpty();
  }

  @Test
  @DisplayName("names a node that returns with older clicks until they are sent")
  void aNodeThatComesBackIsNamed() {
    watermark.observe(AT, AT, TestClicks.report(1, AT));
    for (var second = 1; second <= 40; second++) {
      watermark.observe(
          AT.plusSeconds(second),
          AT.plusSeconds(second),
          TestClicks.report(2, AT.plusSeconds(second)));
      watermark.time();
    }
    assertThat(watermark.time()).isEqualTo(AT.plusSeconds(40));
    watermark.observe(AT.plusSeconds(41), AT.plusSeconds(41), TestClicks.report(1, AT));
    watermark.observe(
        AT.plusSeconds(42), AT.plusSeconds(42), TestClicks.report(2, AT.plusSeconds(42)));
    assertThat(watermark.time()).isEqualTo(AT.plusSeconds(42));
    assertThat(watermark.silent()).containsExactly(1L);
    watermark.observe(
        AT.plusSeconds(43), AT.plusSeconds(43), TestClicks.report(1, AT.plusSeconds(43)));
    assertThat(watermark.silent()).isEmpty();
  }

  @Test
  @DisplayName(
      "G21: a later start speaks for a node that has stopped, not for one that still sends")
  void aLaterStart() {
    watermark.observe(AT, AT, TestClicks.report(1, AT.minusSeconds(9)));
    var after = AT.plusSeconds(2);
    watermark.observe(after, after, start(2, after, 1));
    assertThat(watermark.time()).as("may still send").isEqualTo(Instant.EPOCH);
    after = AT.plusSeconds(3);
    watermark.observe(after, after, start(2, after, 1));
    assertThat(watermark.time()).isEqualTo(after);
    watermark.observe(after, after, TestClicks.report(1, after.minusSeconds(1)));
    after = AT.plusSeconds(5);
    watermark.observe(after, after, start(2, after, 1));
    assertThat(watermark.time()).isEqualTo(after);
    assertThat(watermark.silent()).as("a copy of its folder").containsExactly(1L);
  }

  private static Heartbeat start(long node, Instant now, long previous) {
    return new Heartbeat(node, 2, 2, now, List.of(0L), List.of(previous), false);
  }

  @Test
  @DisplayName("ignores a heartbeat that arrives after a newer one")
  void anOvertakenReportSaysNothing() {
    watermark.observe(AT, AT, TestClicks.report(1, AT));
    watermark.observe(
        AT.plusSeconds(9), AT.plusSeconds(9), TestClicks.report(1, AT.plusSeconds(6)));
    watermark.observe(
        AT.plusSeconds(9), AT.plusSeconds(9), TestClicks.report(2, AT.plusSeconds(7)));
    assertThat(watermark.time()).isEqualTo(AT.plusSeconds(6));
    watermark.observe(
        AT.plusSeconds(10), AT.plusSeconds(5), TestClicks.report(1, AT.plusSeconds(4)));
    assertThat(watermark.time()).isEqualTo(AT.plusSeconds(6));
    assertThat(watermark.silent()).isEmpty();
  }
}
