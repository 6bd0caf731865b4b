package clicktide.fraud;

import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.event.Minute;
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
 * Finds addresses that follow one link more often in a minute than people do (C11). The first half
 * of what is allowed stays with people, since nothing is remembered of addresses that behave.
 * Judged once, half a minute after the minute's end. Not for several threads.
 */
public final class Rates {
  private static final Duration WAITS = Duration.ofSeconds(30);
  private static final int MINUTES = 3; // a click that comes later is in no rate
  private static final int REMEMBERED = 300_000; // addresses by link and minute
  private static final int IDS = 200_000; // of collectors' events, which may come again
  private static final int WAYS = 20; // of asking, of one address that asks in many ways

  private final int most;
  private final Cache<Who, int[]> counts =
      Caffeine.newBuilder().maximumSize(REMEMBERED).executor(Runnable::run).build();
  private final Cache<Identity.Collected, Boolean> ids =
      Caffeine.newBuilder().maximumSize(IDS).executor(Runnable::run).build();
  private final Map<Who, Map<Alike, Like>> suspects = new HashMap<>();

  /** So many clicks a minute of one address on one link are a person's. */
  public Rates(int most) {
    this.most = most;
  }

  private record Who(String address, long link, Minute minute) {}

  /** What decides where a click is counted, and the partition that it came by. */
  private record Alike(
      int partition,
      String userAgent,
      String referrer,
      String host,
      String source,
      String medium,
      String campaign,
      LinkClick.Via via,
      LinkClick.Target target) {
    private static Alike of(int partition, LinkClick click) {
      var client = click.client();
      var campaign = click.campaign();
      return new Alike(
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

    /** Without its path. */
    private static String site(String referrer) {
      var end = referrer.indexOf('/', referrer.indexOf("//") + 2);
      return end < 0 ? referrer : referrer.substring(0, end);
    }
  }

  private record Like(LinkClick example, int clicks) {
    private Like plus(Like other) {
      return new Like(example, clicks + other.clicks);
    }
  }

  /** A click that was read from a partition. */
  public void add(int partition, LinkClick click, Instant loggedAt) {
    var minute = Minute.of(click.at());
    var age = Minute.of(loggedAt).number() - minute.number();
    var address = click.client().address();
    if (address.isEmpty() || click.handling() != TrackingMode.FULL || age >= MINUTES) {
      return;
    }
    if (click.identity() instanceof Identity.Collected id
        && ids.asMap().putIfAbsent(id, true) != null) {
      return;
    }
    var who = new Who(address, click.subject().id(), minute);
    var count = counts.get(who, _ -> new int[1]);
    count[0]++;
    if (count[0] > most / 2) {
      var alike = Alike.of(partition, click);
      var ways = suspects.computeIfAbsent(who, _ -> new HashMap<>());
      if (ways.size() < WAYS || ways.containsKey(alike)) { // the rest stays with people
        ways.merge(alike, new Like(click, 1), Like::plus);
      }
    }
  }

  /**
   * Judges the minutes that are over, when every click answered before {@code through} was read.
   */
  public List<Verdict> judge(Instant through) {
    var verdicts = new ArrayList<Verdict>();
    var over = suspects.entrySet().iterator();
    while (over.hasNext()) {
      var suspect = over.next();
      var who = suspect.getKey();
      if (who.minute.plus(1).start().plus(WAITS).isBefore(through)) {
        var count = counts.getIfPresent(who);
        if (count != null && count[0] > most) {
          suspect.getValue().forEach((alike, like) -> verdicts.add(verdict(who, alike, like)));
        }
        over.remove();
      }
    }
    return verdicts;
  }

  /** The same one however often a minute is read: only the first is counted. */
  private static Verdict verdict(Who who, Alike alike, Like like) {
    var example = like.example;
    // A space cannot stand in the id of an event, so this one cannot be mistaken for a sender's.
    var name = "rate %d %d %s %s".formatted(who.link, who.minute.number(), who.address, alike);
    var id = Identity.Collected.of(example.subject().owner(), name);
    return new Verdict(example.as(id), like.clicks);
  }

  /** Everything is read again. */
  public void forget() {
    counts.invalidateAll();
    ids.invalidateAll();
    suspects.clear();
  }
}
