package clicktide.postgres.sink;

import clicktide.count.Outcome;
import clicktide.enrich.EnrichedClick;
import clicktide.event.LinkClick;
import clicktide.event.ShedReport;
import clicktide.store.Batch;
import java.util.ArrayList;
import java.util.List;

/** The outcomes of batches by kind, each in the order of the log. */
record SortedOutcomes(
    List<EnrichedClick> counted,
    List<EnrichedClick> duplicates,
    List<LinkClick> rejected,
    List<ShedReport> shed,
    List<Outcome.Reclassified> reclassified) {

  static SortedOutcomes of(List<Batch> batches) {
    var sorted =
        new SortedOutcomes(
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>());
    batches.forEach(batch -> batch.outcomes().forEach(sorted::add));
    return sorted;
  }

  private void add(Outcome outcome) {
    switch (outcome) {
      case Outcome.Counted(EnrichedClick click) -> counted.add(click);
      case Outcome.Duplicate(EnrichedClick click) -> duplicates.add(click);
      case Outcome.Rejected(LinkClick click) -> rejected.add(click);
      case Outcome.Shed(ShedReport report) -> shed.add(report);
      case Outcome.Reclassified one -> reclassified.add(one);
    }
  }
}
