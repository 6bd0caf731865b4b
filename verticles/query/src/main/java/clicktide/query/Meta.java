package clicktide.query;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How far the numbers reach (E3). Nothing is final before the nightly job exists. */
record Meta(
    String freshThrough,
    long freshnessSeconds,
    String finalThrough,
    boolean complete,
    int version,
    String source,
    long knownLoss,
    List<String> warnings) {
  private static final Duration LAGGING = Duration.ofSeconds(60);

  Meta through(String other) {
    return new Meta(other, 0, finalThrough, complete, version, source, knownLoss, warnings);
  }

  /** {@code more} are warnings that do not concern completeness. */
  static Meta of(Provenance reading, List<String> more) {
    var freshness = Duration.between(reading.freshThrough(), reading.now());
    var missing = new ArrayList<String>();
    if (freshness.compareTo(LAGGING) > 0) {
      missing.add("pipeline_lags");
    }
    if (reading.isLiveMissing()) {
      missing.add("live_counts_missing"); // their minutes come from the rollups
    }
    reading
        .freshness()
        .silent()
        .forEach(node -> missing.add("silent_node:" + Long.toHexString(node)));
    var warnings = new ArrayList<>(missing);
    if (reading.loss().unattributed() > 0) {
      warnings.add("unattributed_loss"); // of this link, or of another one
    }
    warnings.addAll(more);
    return new Meta(
        reading.freshThrough().toString(),
        Math.max(0, freshness.toSeconds()),
        null,
        missing.isEmpty(),
        1,
        reading.source(),
        reading.loss().shed(),
        warnings);
  }
}
