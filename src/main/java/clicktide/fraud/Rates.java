package clicktide.fraud;

import clicktide.enrich.Referrers;
import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.event.Minute;
import clicktide.event.OwnerId;
import clicktide.event.TrackingMode;
import clicktide.event.Verdict;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds addresses that follow one link more often in a minute than humans do (C11). The first half
 * of the allowed clicks stays human, because nothing is kept about addresses below it. A minute is
 * judged once, 30 s after its end. Not for several threads.
 */
public final class Rates {
  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final int MAX_AGE_MINUTES = 3; // an older click is in no rate
  private static final int MAX_RATES = 300_000; // by address, link and minute
  private static final int MAX_IDS = 200_000; // of collected events, which may arrive again
  private static final int MAX_GROUPS = 20; // of clicks that differ, of one address

  private final int limit;
  private final Cache<RateKey, int[]> counts =
      Caffeine.newBuilder().maximumSize(MAX_RATES).executor(Runnable::run).build();
  private final Cache<Identity.Collected, Boolean> ids =
      Caffeine.newBuilder().maximumSize(MAX_IDS).executor(Runnable::run).build();
  private final Map<RateKey, Map<CellKey, Group>> suspects = new HashMap<>();

  /** {@code limit}: the clicks per minute from one address on one link that count as human. */
  public Rates(int limit) {
    this.limit = limit;
  }

  private record RateKey(String address, long link, OwnerId owner, Minute minute) {}

  /**
   * The raw properties that decide the base row of a click within its rate, and its partition. A
   * dimension that depends on anything else would let a verdict move clicks between wrong rows.
   */
  private record CellKey(
      int partition,
      String userAgent,
      String site,
      String host,
      String source,
      String medium,
      String campaign,
      LinkClick.Via via,
      LinkClick.Target target) {
    private static CellKey of(int partition, LinkClick click) {
      var client = click.client();
      var campaign = click.campaign();
      return new CellKey(
          partition,
          client.userAgent(),
          site(client.referrer()),
          client.host(),
          campaign.source(),
          campaign.medium(),
          campaign.name(),
          click.via(),
          click.target());
    }

    /** Returns a referrer without its path, empty if enrichment finds no site in it. */
    private static String site(String referrer) {
      if (Referrers.domain(referrer).isEmpty()) {
        return "";
      }
      var end = referrer.indexOf('/', referrer.indexOf("//") + 2);
      return end < 0 ? referrer : referrer.substring(0, end);
    }

    /** Returns a text that is part of the id of a verdict, so it must never change. */
    private String idText() {
      return "Alike[partition=%d, userAgent=%s, referrer=%s, host=%s, source=%s, medium=%s, "
              .formatted(partition, userAgent, site, host, source, medium)
          + "campaign=%s, via=%s, target=Target[status=%d, host=%s]]"
              .formatted(campaign, via, target.status(), target.host());
    }
  }

  /** The clicks of one base row in one rate. */
  private record Group(LinkClick example, int clicks) {
    private Group plus(Group other) {
      return new Group(example, clicks + other.clicks);
    }
  }

  /** Adds a click that was read from a partition. */
  public void add(int partition, LinkClick click, Instant loggedAt) {
    var minute = Minute.of(click.at());
    var age = Minute.of(loggedAt).number() - minute.number();
    var address = click.client().address();
    if (address.isEmpty() || click.mode() != TrackingMode.FULL || age >= MAX_AGE_MINUTES) {
      return;
    }
    if (click.identity() instanceof Identity.Collected id
        && ids.asMap().putIfAbsent(id, true) != null) {
      return;
    }
    var subject = click.subject();
    var rate = new RateKey(address, subject.id(), subject.owner(), minute);
    var count = counts.get(rate, _ -> new int[1]);
    count[0]++;
    if (count[0] > limit / 2 && mayBeHuman(click)) {
      var groups = suspects.computeIfAbsent(rate, _ -> new HashMap<>());
      var cell = CellKey.of(partition, click);
      if (groups.size() < MAX_GROUPS || groups.containsKey(cell)) { // the rest stays human
        groups.merge(cell, new Group(click, 1), Group::plus);
      }
    }
  }

  /** Returns false for requests that enrichment counts as bot traffic in any case. */
  private static boolean mayBeHuman(LinkClick click) {
    return !click.client().head() && !click.client().prefetch();
  }

  /** Judges the minutes that are over, given the watermark of what was added. */
  public List<Verdict> judge(Instant watermark) {
    var verdicts = new ArrayList<Verdict>();
    var all = suspects.entrySet().iterator();
    while (all.hasNext()) {
      var suspect = all.next();
      var rate = suspect.getKey();
      if (rate.minute.plus(1).start().plus(GRACE).isBefore(watermark)) {
        var count = counts.getIfPresent(rate);
        if (count != null && count[0] > limit) {
          suspect.getValue().forEach((cell, group) -> verdicts.add(verdict(rate, cell, group)));
        }
        all.remove();
      }
    }
    return verdicts;
  }

  /** The verdict is the same however often a minute is read, so only the first one counts. */
  private static Verdict verdict(RateKey rate, CellKey cell, Group group) {
    // The id of a collected event contains no space, so no sender can choose this one.
    var name =
        "rate %d %d %s %s".formatted(rate.link, rate.minute.number(), rate.address, cell.idText());
    var id = Identity.Collected.of(rate.owner, name);
    return new Verdict(group.example.withIdentity(id), group.clicks);
  }

  /** Forgets everything, because the log is read again. */
  public void forget() {
    counts.invalidateAll();
    ids.invalidateAll();
    suspects.clear();
  }
}
