package clicktide.query;

import clicktide.count.HumanBotCount;
import clicktide.count.LiveTally;
import clicktide.event.Minute;
import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.replica.LinkMap;
import clicktide.store.AnalyticsTarget;
import clicktide.store.Await;
import clicktide.store.Freshness;
import clicktide.store.LedgerReader;
import clicktide.store.LiveCounts;
import clicktide.store.Owners;
import clicktide.store.Retention;
import clicktide.store.Rollups;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/**
 * The endpoints for the ledger of a link and of an owner, for any range (rule 6): received =
 * counted + duplicate + filtered + late + rejected + shed + under way.
 */
final class LedgerReport {
  private final LinkMap links;
  private final Owners owners;
  private final LedgerReader ledger;
  private final Rollups rollups;
  private final LiveCounts live;
  private final Retention retention;
  private final InstantSource time;

  LedgerReport(QueryVerticle.QueryStores stores, Retention retention, InstantSource time) {
    this.links = stores.links();
    this.owners = stores.owners();
    this.ledger = stores.ledger();
    this.rollups = stores.rollups();
    this.live = stores.live();
    this.retention = retention;
    this.time = time;
  }

  /**
   * The answer. Clicks under way are in the live counts and not yet in the rollups. Unattributed
   * losses may be of this link or of another one.
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
    return answer(call, AnalyticsTarget.LinkTarget.of(call.visibleLink(links::find)));
  }

  ApiResponse owner(ApiRequest call) {
    return answer(call, new AnalyticsTarget.OwnerTarget(call.visibleOwner(owners::exists)));
  }

  private ApiResponse answer(ApiRequest call, AnalyticsTarget target) {
    var now = time.instant();
    var range = Ranges.of(call, Ranges.zone(call), now, retention.countsFrom(now));
    var from = Minute.of(range.from()).start();
    var to = Minute.of(range.to().plus(Duration.ofMinutes(1)).minusNanos(1)).start();
    var freshness = Await.on(rollups.freshness());
    var hourFrom = Minute.of(now).plus(1 - LiveTally.MINUTES).start();
    var hotFrom = from.isAfter(hourFrom) ? from : hourFrom;
    // The live counts are read first. The rollups may get ahead meanwhile, but never fall behind.
    var underWay = hotFrom.isBefore(to) ? underWay(target, hotFrom, to, freshness) : 0;
    var entry = Await.on(ledger.entry(target, from, to));
    return ApiResponse.ok(
        new LedgerView(
            from.toString(),
            to.toString(),
            freshness.watermark().toString(),
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

  private long underWay(AnalyticsTarget target, Instant from, Instant to, Freshness freshness) {
    var liveClicks =
        LiveOrRollup.read(
            () -> Await.on(live.minutes(target, Minute.of(from), Minute.of(to))),
            LiveCounts.Snapshot::freshness,
            freshness,
            LedgerReport::total,
            () -> 0L);
    return Math.max(0, liveClicks - Await.on(ledger.entry(target, from, to)).counted());
  }

  private static long total(LiveCounts.Snapshot snapshot) {
    return snapshot.sums().values().stream().mapToLong(HumanBotCount::total).sum();
  }
}
