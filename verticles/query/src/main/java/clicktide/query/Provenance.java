package clicktide.query;

import clicktide.store.Freshness;
import clicktide.store.LedgerReader;
import java.time.Instant;

/**
 * Where it was read, how fresh that is, and when; whether the live counts would have been asked and
 * could not say; and what is known to be lost.
 */
record Provenance(
    String source,
    Freshness freshness,
    boolean isLiveMissing,
    LedgerReader.Loss loss,
    Instant now) {
  Instant freshThrough() {
    return freshness.watermark();
  }
}
