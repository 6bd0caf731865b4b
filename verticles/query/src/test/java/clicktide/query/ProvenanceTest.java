package clicktide.query;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.store.Freshness;
import clicktide.store.LedgerReader.Loss;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("E3: an answer names its store and its freshness")
class ProvenanceTest {
  private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
  private static final Freshness LIVE = new Freshness(NOW.minusSeconds(1), Set.of(7L), 12);
  private static final Freshness ROLLUPS = new Freshness(NOW.minusSeconds(61), Set.of(), 12);

  private static Meta meta(Provenance provenance) {
    return Meta.of(provenance, new Loss(3, 0), NOW, List.of("more"));
  }

  @Test
  @DisplayName("the source is live, merged or rollup")
  void sources() {
    var live = Provenance.live(LIVE);
    assertThat(meta(live).source()).isEqualTo("live");
    assertThat(meta(live.and(ROLLUPS)).source()).isEqualTo("merged");
    var rollup = Provenance.rollup(ROLLUPS, false);
    assertThat(meta(rollup).source()).isEqualTo("rollup");
    assertThat(rollup.and(ROLLUPS)).isEqualTo(rollup);
  }

  @Test
  @DisplayName("a merged answer is as fresh as the older store, and knows the silent nodes of both")
  void merged() {
    var merged = meta(Provenance.live(LIVE).and(ROLLUPS));
    assertThat(merged.freshThrough()).isEqualTo("2030-01-01T11:58:59Z");
    assertThat(merged.freshnessSeconds()).isEqualTo(61);
    assertThat(merged.complete()).isFalse();
    assertThat(merged.warnings()).containsExactly("pipeline_lags", "silent_node:7", "more");
    assertThat(merged.knownLoss()).isEqualTo(3);
  }

  @Test
  @DisplayName("a node that is gone is not silent")
  void goneNodes() {
    var rollups = new Freshness(NOW, Set.of(7L, 8L), 12, Set.of(7L));
    assertThat(meta(Provenance.live(LIVE.without(rollups.gone()))).complete()).isTrue();
    assertThat(meta(Provenance.live(LIVE).and(rollups)).warnings())
        .containsExactly("silent_node:8", "more");
  }

  @Test
  @DisplayName("an answer of the rollups in place of the live counts is not complete")
  void liveIsMissing() {
    var fresh = new Freshness(NOW, Set.of(), 12);
    assertThat(meta(Provenance.rollup(fresh, true)).warnings()).contains("live_counts_missing");
    assertThat(meta(Provenance.rollup(fresh, true)).complete()).isFalse();
    assertThat(meta(Provenance.rollup(fresh, false)).complete()).isTrue();
  }
}
