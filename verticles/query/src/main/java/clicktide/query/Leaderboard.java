package clicktide.query;

import clicktide.count.HumanBotCount;
import clicktide.count.LiveTally;
import clicktide.event.Minute;
import clicktide.event.OwnerId;
import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.http.Json;
import clicktide.replica.LinkMap;
import clicktide.store.AnalyticsTarget;
import clicktide.store.Await;
import clicktide.store.Freshness;
import clicktide.store.LedgerReader;
import clicktide.store.LiveCounts;
import clicktide.store.LiveCounts.Hour;
import clicktide.store.Owners;
import clicktide.store.Retention;
import clicktide.store.Rollups;
import clicktide.time.TimeSource;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The endpoint for the links of an owner with most clicks (E2, C9). The last hour comes from the
 * live counts, any other range from the rollups.
 */
final class Leaderboard {
  private static final Duration HOUR_KEPT = Duration.ofSeconds(1);
  private static final long MAX_ROWS = 100_000; // about 10 MB
  private static final int KEY_ROWS = 5; // the memory of a key, as rows

  private final LinkMap links;
  private final Owners owners;
  private final Rollups rollups;
  private final LiveCounts live;
  private final LedgerReader ledger;
  private final Retention retention;
  private final InstantSource time;
  private final Cache<HourKey, Hour> hours;
  private final Cache<RangeKey, List<Top>> ranges =
      Caffeine.newBuilder()
          .maximumWeight(MAX_ROWS)
          .<RangeKey, List<Top>>weigher((_, top) -> KEY_ROWS + top.size())
          .executor(Runnable::run)
          .build();

  Leaderboard(QueryVerticle.QueryStores stores, Retention retention, TimeSource time) {
    this.links = stores.links();
    this.owners = stores.owners();
    this.rollups = stores.rollups();
    this.live = stores.live();
    this.ledger = stores.ledger();
    this.retention = retention;
    this.time = time;
    this.hours =
        Caffeine.newBuilder()
            .maximumWeight(MAX_ROWS)
            .<HourKey, Hour>weigher((_, hour) -> KEY_ROWS + hour.links().size())
            .expireAfterWrite(HOUR_KEPT)
            .executor(Runnable::run)
            .ticker(time::nanos)
            .build();
  }

  private record HourKey(OwnerId owner, Minute first, int limit) {}

  private record RangeKey(OwnerId owner, Ranges.Range range, int limit, String version) {}

  /** The parameters of a call, and its time. */
  private record TopRequest(OwnerId owner, int limit, Instant now) {}

  /** A row of the leaderboard. */
  record Top(String code, long clicks, long human, long bot) {
    private static Top of(String code, HumanBotCount clicks) {
      return new Top(code, clicks.total(), clicks.human(), clicks.bot());
    }
  }

  /** The answer. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record TopLinks(
      String ownerId, String freshThrough, String from, String to, List<Top> links, Meta meta) {

    /** Returns a weak validator, as {@link Report#etag} does. */
    private String etag() {
      var isOver = !Instant.parse(freshThrough).isBefore(Instant.parse(to));
      var watermark = isOver ? null : freshThrough;
      var lasting = new TopLinks(ownerId, watermark, from, to, links, meta.lasting(watermark));
      return "W/\"%s\"".formatted(Json.fingerprint(lasting));
    }
  }

  ApiResponse links(ApiRequest call) {
    var owner = call.visibleOwner(owners::exists);
    var now = time.instant();
    var request = new TopRequest(owner, call.integer("limit", 10, 1, 1_000), now);
    var freshness = Await.on(rollups.freshness());
    var range = Ranges.of(call, Ranges.zone(call), now, retention.countsFrom(now));
    return call.query("interval").equals(Optional.of("1h"))
        ? lastHour(request, freshness)
        : fromRollups(request, range, false);
  }

  private ApiResponse lastHour(TopRequest request, Freshness freshness) {
    var first = Minute.of(request.now).plus(1 - LiveTally.MINUTES);
    var range = new Ranges.Range(first.start(), first.plus(LiveTally.MINUTES).start());
    var key = new HourKey(request.owner, first, request.limit);
    return LiveOrRollup.read(
        () -> hours.get(key, _ -> Await.on(live.hour(key.owner, key.first, key.limit))),
        Hour::freshness,
        freshness,
        hour ->
            answer(
                request,
                range,
                top(hour),
                Provenance.live(hour.freshness().without(freshness.gone()))),
        () -> fromRollups(request, range, true));
  }

  private List<Top> top(Hour hour) {
    return hour.links().entrySet().stream()
        .flatMap(
            link -> links.codeOf(link.getKey()).map(code -> Top.of(code, link.getValue())).stream())
        .sorted(Comparator.comparingLong(Top::clicks).reversed().thenComparing(Top::code))
        .toList();
  }

  private ApiResponse fromRollups(TopRequest request, Ranges.Range range, boolean isLiveMissing) {
    var bounds = Bucket.TOTAL.bounds(range.from(), range.to(), ZoneOffset.UTC, 1);
    var whole = new Ranges.Range(bounds.getFirst(), bounds.getLast());
    var written = Await.on(rollups.written(whole.from(), whole.to()));
    var key = new RangeKey(request.owner, whole, request.limit, written.version());
    var provenance = Provenance.rollup(written.freshness(), isLiveMissing);
    return answer(request, whole, ranges.get(key, this::read), provenance);
  }

  private List<Top> read(RangeKey key) {
    var range = key.range;
    return Await.on(rollups.topLinks(key.owner, range.from(), range.to(), key.limit)).stream()
        .map(link -> Top.of(link.code(), link.clicks()))
        .toList();
  }

  private ApiResponse answer(
      TopRequest request, Ranges.Range range, List<Top> top, Provenance provenance) {
    var target = new AnalyticsTarget.OwnerTarget(request.owner);
    var loss = Await.on(ledger.loss(target, range.from(), range.to()));
    var warnings = retention.warnings(range.from(), request.now);
    var links =
        new TopLinks(
            request.owner.toString(),
            provenance.freshness().watermark().toString(),
            range.from().toString(),
            range.to().toString(),
            top,
            Meta.of(provenance, loss, request.now, warnings));
    return ApiResponse.kept(links, links.etag(), 0);
  }
}
