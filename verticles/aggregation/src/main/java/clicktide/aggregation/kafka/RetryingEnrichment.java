package clicktide.aggregation.kafka;

import clicktide.enrich.EnrichedClick;
import clicktide.event.LinkClick;
import clicktide.store.Unavailable;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Enrichment that is tried three times, because a failure can lie in the click itself (G10). */
record RetryingEnrichment(LogFollower.Enricher enricher) {
  private static final Logger log = LoggerFactory.getLogger(RetryingEnrichment.class);
  private static final int TRIES = 3;

  /**
   * Enriches a click; empty if every try failed. Throws {@link Unavailable} if a dependency does
   * not answer: then the click is read again later.
   */
  Optional<EnrichedClick> enrich(LinkClick click, EnrichedClick.Logged logged) {
    for (var tries = 0; tries < TRIES; tries++) {
      try {
        return Optional.of(enricher.enrich(click, logged));
      } catch (Unavailable unavailable) {
        throw unavailable;
      } catch (RuntimeException failure) {
        log.debug("A click cannot be enriched", failure);
      }
    }
    return Optional.empty();
  }
}
