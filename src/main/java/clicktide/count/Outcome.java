package clicktide.count;

import clicktide.enrich.EnrichedClick;
import clicktide.event.LinkClick;
import clicktide.event.ShedReport;

/** The outcome of an event of the log. Each sink decides which outcomes it stores. */
public sealed interface Outcome {
  /** A click that counts, unless the sink knows the id of its collector. */
  record Counted(EnrichedClick click) implements Outcome {}

  /** An own click that this sink counted before. */
  record Duplicate(EnrichedClick click) implements Outcome {}

  /** A click that cannot be enriched. It is in the dead letters. */
  record Rejected(LinkClick click) implements Outcome {}

  /** A loss before the log. */
  record Shed(ShedReport report) implements Outcome {}

  /** Clicks equal to this one that counted as human and are a bot's. */
  record Reclassified(EnrichedClick click, int clicks) implements Outcome {}
}
