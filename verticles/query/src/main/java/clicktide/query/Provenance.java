package clicktide.query;

import clicktide.store.Freshness;
import java.util.Locale;

/**
 * The stores that the counts of an answer were read from, with their common freshness. {@code
 * isLiveMissing} says that the live counts should have answered, but the rollups had to.
 */
record Provenance(Source source, Freshness freshness, boolean isLiveMissing) {

  /** A store, or both of them. */
  enum Source {
    LIVE,
    MERGED,
    ROLLUP;

    /** Returns the text in JSON. */
    String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Provenance live(Freshness freshness) {
    return new Provenance(Source.LIVE, freshness, false);
  }

  static Provenance rollup(Freshness freshness, boolean isLiveMissing) {
    return new Provenance(Source.ROLLUP, freshness, isLiveMissing);
  }

  /** Returns the provenance of an answer that also has counts of the rollups. */
  Provenance and(Freshness rollups) {
    return source == Source.ROLLUP
        ? this
        : new Provenance(Source.MERGED, freshness.and(rollups), isLiveMissing);
  }
}
