package clicktide.query;

import clicktide.store.LedgerReader.Loss;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The freshness and completeness of an answer (E3). No answer is final yet. */
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

  /** Returns the part that stays while the counts stay; for an ETag. */
  Meta lasting(String freshThrough) {
    return new Meta(freshThrough, 0, finalThrough, complete, version, source, knownLoss, warnings);
  }

  /** {@code more} are warnings that do not concern completeness. */
  static Meta of(Provenance provenance, Loss loss, Instant now, List<String> more) {
    var watermark = provenance.freshness().watermark();
    var age = Duration.between(watermark, now);
    var missing = new ArrayList<String>();
    if (age.compareTo(LAGGING) > 0) {
      missing.add("pipeline_lags");
    }
    if (provenance.isLiveMissing()) {
      missing.add("live_counts_missing"); // the rollups have their minutes later
    }
    for (var node : provenance.freshness().silent()) {
      missing.add("silent_node:" + Long.toHexString(node));
    }
    var warnings = new ArrayList<>(missing);
    if (loss.unattributed() > 0) {
      warnings.add("unattributed_loss"); // of this link or of another one
    }
    warnings.addAll(more);
    return new Meta(
        watermark.toString(),
        Math.max(0, age.toSeconds()),
        null,
        missing.isEmpty(),
        1,
        provenance.source().key(),
        loss.shed(),
        warnings);
  }
}
