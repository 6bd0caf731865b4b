package clicktide.stream;

import clicktide.count.Outcome;
import clicktide.enrich.EnrichedClick;
import clicktide.event.Identity;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The removal of clicks and verdicts that were counted before (C3). */
public final class Repeats {
  private Repeats() {}

  /** Returns the reclassifications that are new. */
  public static List<Outcome.Reclassified> withoutReclassified(
      List<Outcome.Reclassified> reclassified, Set<Identity.Collected> fresh) {
    var left = new HashSet<Identity>(fresh);
    return reclassified.stream()
        .filter(one -> left.remove(one.click().click().identity()))
        .toList();
  }

  /** Returns all own clicks, and the first click of each fresh id of a collector. */
  public static List<EnrichedClick> without(
      List<EnrichedClick> clicks, Set<Identity.Collected> fresh) {
    var left = new HashSet<>(fresh);
    return clicks.stream()
        .filter(
            click ->
                switch (click.click().identity()) {
                  case Identity.Own _ -> true;
                  case Identity.Collected id -> left.remove(id);
                })
        .toList();
  }
}
