package clicktide.query;

import clicktide.count.HumanBotCount;
import clicktide.count.LiveTally;
import clicktide.event.Minute;
import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.link.Link;
import clicktide.replica.LinkMap;
import clicktide.store.AnalyticsTarget;
import clicktide.store.Await;
import clicktide.store.LedgerReader;
import clicktide.store.LiveCounts;
import clicktide.store.Owners;
import clicktide.store.Retention;
import clicktide.store.Rollups;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What became of every event (rule 6): received = counted + duplicate + filtered + late + rejected
 * + shed + under way, for any link and range.
 */
final class LedgerReport {
  private static final Logger log = LoggerFactory.getLogger(LedgerReport.class);

  private final LinkMap links;
  private final Owners owners;
  private final LedgerReader books;
  private final Rollups rollups;
  private final LiveCounts live;
  private final Retention retention;
  private final InstantSource clock;

  LedgerReport(QueryVerticle.Stores stores, Retention retention, InstantSource clock) {
    this.retention = retention;
    this.links = stores.links();
    this.owners = stores.owners();
    this.books = stores.books();
    this.rollups = stores.rollups();
    this.live = stores.live();
    this.clock = clock;
  }

  /**
   * The answer. Under way is what the live counts have and the rollups do not have yet;
   * unattributed losses may be of this link, or of another one.
   */
  record LedgerView(
      String from,
      String to,
      String freshThrough,
      long received,
      long counted,
      long duplicate,
      Map<String, Long> filtered,
      long late,
      long rejected,
      long shed,
      long unattributedLoss,
      long underWay) {}

  ApiResponse link(ApiRequest call) {
    Link link = call.visibleLink(links::find);
    return answer(call, AnalyticsTarget.LinkTarget.of(link));
  }

  ApiResponse owner(ApiRequest call) {
    var owner = call.visibleOwner(owners::exists);
    return answer(call, new AnalyticsTarget.OwnerTarget(owner));
  }

  private ApiResponse answer(ApiRequest call, AnalyticsTarget target) {
    var now = clock.instant();
    var range = Ranges.of(call, Ranges.zone(call), now, retention.countsFrom(now));
    var from = Minute.of(range.from()).start();
    var to = Minute.of(range.to().plus(Duration.ofMinutes(1)).minusNanos(1)).start();
    var fresh = Await.on(rollups.freshness()).watermark();
    var hotFrom = later(from, Minute.of(now).plus(1 - LiveTally.MINUTES).start());
    var isHot = hotFrom.isBefore(to);
    var live =
        isHot ? hot(target, hotFrom, to) : 0; // first: the rollups may pass it, not fall back
    var hotRows = isHot ? Await.on(books.entry(target, hotFrom, to)).counted() : 0;
    var entry = Await.on(books.entry(target, from, to));
    var underWay = Math.max(0, live - hotRows);
    return ApiResponse.ok(
        new LedgerView(
            from.toString(),
            to.toString(),
            fresh.toString(),
            entry.received() + underWay,
            entry.counted(),
            entry.duplicate(),
            Map.of(
                "own_traffic",
                entry.filtered().ownTraffic(),
                "tracking_off",
                entry.filtered().trackingOff()),
            0,
            entry.rejected(),
            entry.shed(),
            entry.unattributed(),
            underWay));
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  /** What the live counts say; nothing if they are away. */
  private long hot(AnalyticsTarget target, Instant from, Instant to) {
    try {
      return Await.on(live.minutes(target, Minute.of(from), Minute.of(to))).sums().values().stream()
          .mapToLong(HumanBotCount::total)
          .sum();
    } catch (RuntimeException failure) {
      log.warn("The live counts do not answer: {}", failure.toString());
      return 0;
    }
  }
}
