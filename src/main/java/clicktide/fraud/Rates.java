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
import java.util.TreeMap;

/**
 * Finds addresses that follow one link more often in a minute than humans do (C11). The first half
 * of the allowed clicks stays human, because nothing is kept about addresses below it. A minute is
 * judged once, 30 s after its end. Late clicks come by several partitions, so all partitions must
 * also be read to the newest click of the minute. Not for several threads.
 */
public final class Rates {
  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final int MAX_AGE_MINUTES = 3; // an older click is in no rate
  private static final int MAX_RATES = 300_000; // by address, link and minute; some 50 MB
  private static final int MAX_IDS = 200_000; // of collected events, which may arrive again
  private static final int MAX_GROUPS = 20; // of clicks that differ, of one address

  private final int limit;
  private final Map<Minute, MinuteRates> minutes = new TreeMap<>();
  private final Cache<Identity.Collected, Boolean> ids =
      Caffeine.newBuilder().maximumSize(MAX_IDS).executor(Runnable::run).build();

  /** {@code limit}: the clicks per minute from one address on one link that count as human. */
  public Rates(int limit) {
    this.limit = limit;
  }

  private record RateKey(String address, long link, OwnerId owner) {}

  /** The rates of a minute, and the broker's time of the newest click in them. */
  private static final class MinuteRates {
    private final Map<RateKey, Rate> rates = new HashMap<>();
    private Instant newest = Instant.EPOCH;
  }

  /** The clicks of one rate. Groups are kept of those beyond half of the limit only. */
  private static final class Rate {
    private int clicks;
    private Map<CellKey, Group> groups = Map.of();

    private void add(CellKey cell, LinkClick click) {
      if (groups.isEmpty()) {
        groups = new HashMap<>();
      }
      if (groups.size() < MAX_GROUPS || groups.containsKey(cell)) { // the rest stays human
        groups.merge(cell, new Group(click, 1), Group::plus);
      }
    }
  }

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
    var all = minutes.computeIfAbsent(minute, _ -> new MinuteRates());
    all.newest = loggedAt.isAfter(all.newest) ? loggedAt : all.newest;
    var rate = rate(all, new RateKey(address, subject.id(), subject.owner()));
    rate.clicks++;
    if (rate.clicks > limit / 2 && mayBeHuman(click)) {
      rate.add(CellKey.of(partition, click), click);
    }
  }

  private Rate rate(MinuteRates minute, RateKey key) {
    var known = minute.rates.get(key);
    if (known != null) {
      return known;
    }
    makeRoom();
    var rate = new Rate();
    minute.rates.put(key, rate);
    return rate;
  }

  /**
   * Forgets the lowest rates when the memory is full. Frequent addresses stay, as with the lossy
   * counting of Manku and Motwani (VLDB 2002): a count can only be too low.
   */
  private void makeRoom() {
    for (var lowest = 1; size() >= (lowest == 1 ? MAX_RATES : MAX_RATES / 2); lowest++) {
      var most = lowest;
      minutes.values().forEach(one -> one.rates.values().removeIf(rate -> rate.clicks <= most));
    }
  }

  /** There are few minutes, as those that are over were judged. */
  private int size() {
    var size = 0;
    for (var minute : minutes.values()) {
      size += minute.rates.size();
    }
    return size;
  }

  /** Returns false for requests that enrichment counts as bot traffic in any case. */
  private static boolean mayBeHuman(LinkClick click) {
    return !click.client().head() && !click.client().prefetch();
  }

  /** Judges the minutes that are over, given the watermark of what was added. */
  public List<Verdict> judge(Instant watermark) {
    var verdicts = new ArrayList<Verdict>();
    var all = minutes.entrySet().iterator();
    while (all.hasNext()) {
      var minute = all.next();
      var end = minute.getKey().plus(1).start();
      var found = minute.getValue();
      if (end.plus(GRACE).isBefore(watermark) && found.newest.isBefore(watermark)) {
        found.rates.forEach((key, rate) -> verdicts.addAll(verdicts(minute.getKey(), key, rate)));
        all.remove();
      }
    }
    return verdicts;
  }

  private List<Verdict> verdicts(Minute minute, RateKey key, Rate rate) {
    return rate.clicks <= limit
        ? List.of()
        : rate.groups.entrySet().stream()
            .map(group -> verdict(minute, key, group.getKey(), group.getValue()))
            .toList();
  }

  /** The verdict is the same however often a minute is read, so only the first one counts. */
  private static Verdict verdict(Minute minute, RateKey rate, CellKey cell, Group group) {
    // The id of a collected event contains no space, so no sender can choose this one.
    var name =
        "rate %d %d %s %s".formatted(rate.link, minute.number(), rate.address, cell.idText());
    var id = Identity.Collected.of(rate.owner, name);
    return new Verdict(group.example.withIdentity(id), group.clicks);
  }

  /** Forgets everything, because the log is read again. */
  public void forget() {
    minutes.clear();
    ids.invalidateAll();
  }
}
