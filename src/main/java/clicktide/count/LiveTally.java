package clicktide.count;

import clicktide.enrich.EnrichedClick;
import clicktide.event.Minute;
import clicktide.event.OwnerId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts per minute and link of the clicks that belong to the hot hour. */
public final class LiveTally {
  /** The minutes of the hot hour: the running one and the 59 before it. */
  public static final int MINUTES = 60;

  /** How far back the log has to be read to count the hot hour again. */
  public static final Duration MEMORY = Duration.ofMinutes(MINUTES).plus(Minute.AHEAD);

  private LiveTally() {}

  /** A minute of a link, with the owner that its clicks carried. */
  public record LinkMinute(Minute minute, long link, OwnerId owner) {}

  /**
   * Returns true if the click counts here: it was in the hot hour by the broker's time, which is
   * the same at every replay.
   */
  public static boolean isHot(EnrichedClick click) {
    return isInHotHour(click) && click.click().mode().isCounted();
  }

  /** Returns true if the click would count with full tracking, so a repeat must be recognized. */
  public static boolean isInHotHour(EnrichedClick click) {
    var age = Minute.of(click.loggedAt()).number() - Minute.of(click.click().at()).number();
    return age < MINUTES;
  }

  /** Returns the sums. Pure: they depend neither on the order nor on the batches. */
  public static Map<LinkMinute, HumanBotCount> of(
      List<EnrichedClick> clicks, List<Outcome.Reclassified> reclassified) {
    Map<LinkMinute, HumanBotCount> counts = new LinkedHashMap<>();
    for (var click : clicks) {
      if (isHot(click)) {
        counts.merge(cell(click), HumanBotCount.one(click.traffic()), HumanBotCount::plus);
      }
    }
    for (var one : reclassified) {
      if (isHot(one.click())) {
        counts.merge(
            cell(one.click()), new HumanBotCount(-one.clicks(), one.clicks()), HumanBotCount::plus);
      }
    }
    return counts;
  }

  private static LinkMinute cell(EnrichedClick click) {
    var link = click.click().subject();
    return new LinkMinute(Minute.of(click.click().at()), link.id(), link.owner());
  }
}
