package clicktide.count;

import clicktide.enrich.EnrichedClick;
import clicktide.enrich.Reclassification;
import clicktide.event.Minute;
import clicktide.event.OwnerId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts per minute and link of the visits that belong to the hot hour. */
public final class LiveTally {
  /** How many minutes the hot hour has: the running one and the 59 before it. */
  public static final int MINUTES = 60;

  /** How far back the log has to be read to count the hot hour again. */
  public static final Duration MEMORY = Duration.ofMinutes(MINUTES).plus(Minute.AHEAD);

  private LiveTally() {}

  /** A minute of a link, with the owner that the clicks carried. */
  public record LinkMinute(Minute minute, long link, OwnerId owner)
      implements Comparable<LinkMinute> {
    @Override
    public int compareTo(LinkMinute other) {
      var byMinute = minute.compareTo(other.minute);
      var byLink = byMinute != 0 ? byMinute : Long.compare(link, other.link);
      return byLink != 0 ? byLink : Long.compare(owner.number(), other.owner.number());
    }
  }

  /**
   * Whether a visit counts here: it was in the hot hour when the broker got it, the same at every
   * replay.
   */
  public static boolean isHot(EnrichedClick visit) {
    return isOfTheHour(visit) && visit.click().mode().isCounted();
  }

  /** Whether it would count, if its owner wanted that: then a repeat has to be known. */
  public static boolean isOfTheHour(EnrichedClick visit) {
    var age = Minute.of(visit.loggedAt()).number() - Minute.of(visit.click().at()).number();
    return age < MINUTES;
  }

  /** Pure: the sums do not depend on the order of the visits nor on how they are cut. */
  public static Map<LinkMinute, HumanBotCount> of(
      List<EnrichedClick> visits, List<Reclassification> moved) {
    Map<LinkMinute, HumanBotCount> counts = new TreeMap<>();
    for (var visit : visits) {
      if (isHot(visit)) {
        counts.merge(cell(visit), HumanBotCount.one(visit.traffic()), HumanBotCount::plus);
      }
    }
    for (var one : moved) {
      if (isHot(one.click())) {
        counts.merge(
            cell(one.click()), new HumanBotCount(-one.clicks(), one.clicks()), HumanBotCount::plus);
      }
    }
    return counts;
  }

  private static LinkMinute cell(EnrichedClick visit) {
    var link = visit.click().subject();
    return new LinkMinute(Minute.of(visit.click().at()), link.id(), link.owner());
  }
}
