package clicktide.enrich;

/**
 * A verdict for a sink: {@code clicks} clicks equal to this one counted as human and are a bot's.
 */
public record Reclassification(EnrichedClick click, int clicks) {}
