package clicktide.stream;

import clicktide.enrich.EnrichedClick;
import clicktide.enrich.Reclassification;
import clicktide.event.Identity;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Leaves out visits that were counted before (C3). */
public final class Repeats {
  private Repeats() {}

  /** Verdicts that are new. */
  public static List<Reclassification> withoutMoved(
      List<Reclassification> moved, Set<Identity.Collected> fresh) {
    var left = new HashSet<Identity>(fresh);
    return moved.stream().filter(one -> left.remove(one.click().click().identity())).toList();
  }

  /** Own clicks arrive once; of a collector's id the first one stays, if the id is fresh. */
  public static List<EnrichedClick> without(
      List<EnrichedClick> visits, Set<Identity.Collected> fresh) {
    var left = new HashSet<>(fresh);
    return visits.stream()
        .filter(
            visit ->
                switch (visit.click().identity()) {
                  case Identity.Own _ -> true;
                  case Identity.Collected id -> left.remove(id);
                })
        .toList();
  }
}
