package clicktide.query;

import clicktide.store.Books;
import clicktide.store.Freshness;
import java.time.Instant;

/**
 * Where it was read, how fresh that is, and when; whether the live counts would have been asked and
 * could not say; and what is known to be lost.
 */
record Reading(
    String source, Freshness freshness, boolean isLiveMissing, Books.Loss loss, Instant now) {
  Instant freshThrough() {
    return freshness.through();
  }
}
