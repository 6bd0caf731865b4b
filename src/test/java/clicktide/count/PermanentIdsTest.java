package clicktide.count;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.enrich.Dimension;
import clicktide.event.LinkClick.Via;
import clicktide.event.TrackingMode;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("F4: ids in the log and in the stores never change")
class PermanentIdsTest {
  @Test
  @DisplayName("of dimensions")
  void ofDimensions() {
    assertThat(
            Arrays.stream(Dimension.values())
                .map(dimension -> dimension.id() + " " + dimension.key())
                .collect(Collectors.joining(", ")))
        .startsWith(
            "0 country, 1 region, 2 device, 3 browser, 4 os, 5 referrer, 6 source, 7 medium, "
                + "8 campaign, 9 via, 10 traffic, 11 host, 12 status, 13 destination, 14 bot, "
                + "15 rules");
    assertThat(Dimension.values())
        .allSatisfy(dimension -> assertThat(Dimension.withId(dimension.id())).contains(dimension))
        .extracting(Dimension::id)
        .doesNotHaveDuplicates();
    assertThat(Dimension.withId(-1)).isEmpty();
  }

  @Test
  @DisplayName("of tracking modes and of the ways to a link")
  void ofClicks() {
    assertThat(TrackingMode.FULL.id()).isEqualTo(0);
    assertThat(TrackingMode.COUNTS_ONLY.id()).isEqualTo(1);
    assertThat(TrackingMode.TRACKING_OFF.id()).isEqualTo(2);
    assertThat(TrackingMode.OWN_TRAFFIC.id()).isEqualTo(3);
    assertThat(TrackingMode.values())
        .allSatisfy(mode -> assertThat(TrackingMode.withId(mode.id())).contains(mode));
    assertThat(TrackingMode.withId(99)).isEmpty();
    assertThat(Via.LINK.id()).isEqualTo(0);
    assertThat(Via.QR.id()).isEqualTo(1);
  }
}
