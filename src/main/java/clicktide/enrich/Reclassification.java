package clicktide.enrich;

/**
 * A verdict as whoever counts needs it: so many clicks like this visit were counted as people's and
 * are a machine's.
 */
public record Reclassification(EnrichedClick click, int clicks) {}
