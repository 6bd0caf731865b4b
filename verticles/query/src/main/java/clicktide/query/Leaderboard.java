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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links of an owner with most clicks (E2, C9): of the last hour from sums that are kept while
 * somebody asks, of any other range from the rollups.
 */
final class Leaderboard {
  private static final Logger log = LoggerFactory.getLogger(Leaderboard.class);
  private static final Duration KEPT = Duration.ofSeconds(1);
  private static final long MOST_ROWS = 100_000; // some 10 MB

  private final LinkMap links;
  private final Owners owners;
  private final Rollups rollups;
  private final LiveCounts live;
  private final LedgerReader books;
  private final Retention retention;
  private final InstantSource clock;
  private final Cache<Asked, Hour> hours =
      Caffeine.newBuilder().maximumSize(1_000).expireAfterWrite(KEPT).build();
  private final Cache<AskedRange, List<Top>> ranges =
      Caffeine.newBuilder()
          .maximumWeight(MOST_ROWS)
          .<AskedRange, List<Top>>weigher((_, top) -> 1 + top.size())
          .executor(Runnable::run)
          .build();

  Leaderboard(QueryVerticle.Stores stores, Retention retention, InstantSource clock) {
    this.links = stores.links();
    this.owners = stores.owners();
    this.rollups = stores.rollups();
    this.live = stores.live();
    this.books = stores.books();
    this.retention = retention;
    this.clock = clock;
  }

  private record Asked(OwnerId owner, Minute first, int limit) {}

  private record AskedRange(OwnerId owner, Ranges.Range range, int limit, long version) {}

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

    /** As {@link Report#etag} has it. */
    private String etag() {
      var through = Instant.parse(freshThrough).isBefore(Instant.parse(to)) ? freshThrough : null;
      var lasting = new TopLinks(ownerId, through, from, to, links, meta.through(through));
      return "W/\"%s\"".formatted(Json.fingerprint(lasting));
    }
  }

  ApiResponse links(ApiRequest call) {
    var owner = call.visibleOwner(owners::exists);
    var now = clock.instant();
    var limit = call.integer("limit", 10, 1, 1_000);
    var fresh = Await.on(rollups.freshness());
    var asked = Ranges.of(call, Ranges.zone(call), now, retention.countsFrom(now));
    if (!call.query("interval").equals(Optional.of("1h"))) {
      return ofRollups(owner, asked, limit, new Seen(fresh, false, now));
    }
    var first = Minute.of(now).plus(1 - LiveTally.MINUTES);
    var range = new Ranges.Range(first.start(), first.plus(LiveTally.MINUTES).start());
    var hour = hour(new Asked(owner, first, limit)).filter(one -> !one.freshness().isBehind(fresh));
    if (hour.isEmpty()) {
      return ofRollups(owner, range, limit, new Seen(fresh, true, now));
    }
    var top =
        hour.get().links().entrySet().stream()
            .flatMap(
                link ->
                    links.codeOf(link.getKey()).map(code -> Top.of(code, link.getValue())).stream())
            .sorted(Comparator.comparingLong(Top::clicks).reversed().thenComparing(Top::code))
            .toList();
    return answer(owner, range, top, "live", new Seen(hour.get().freshness(), false, now));
  }

  /** How far the store that answers is counted, and whether another one should have answered. */
  private record Seen(Freshness freshness, boolean isLiveMissing, Instant now) {}

  /** Empty if the live counts do not answer. */
  private Optional<Hour> hour(Asked asked) {
    try {
      return Optional.of(
          hours.get(asked, one -> Await.on(live.hour(one.owner, one.first, one.limit))));
    } catch (RuntimeException failure) {
      log.warn("The live counts do not answer; the hour comes from rows: {}", failure.toString());
      return Optional.empty();
    }
  }

  private ApiResponse ofRollups(OwnerId owner, Ranges.Range range, int limit, Seen seen) {
    var bounds = Bucket.TOTAL.bounds(range.from(), range.to(), ZoneOffset.UTC, 1);
    var whole = new Ranges.Range(bounds.getFirst(), bounds.getLast());
    var written = Await.on(rollups.written(whole.from(), whole.to()));
    var top = ranges.get(new AskedRange(owner, whole, limit, written.version()), this::read);
    var upToDate = new Seen(written.freshness(), seen.isLiveMissing, seen.now);
    return answer(owner, whole, top, "rollup", upToDate);
  }

  private List<Top> read(AskedRange asked) {
    var range = asked.range;
    return Await.on(rollups.topLinks(asked.owner, range.from(), range.to(), asked.limit)).stream()
        .map(link -> Top.of(link.code(), link.clicks()))
        .toList();
  }

  private ApiResponse answer(
      OwnerId owner, Ranges.Range range, List<Top> top, String source, Seen seen) {
    var loss =
        Await.on(books.loss(new AnalyticsTarget.OwnerTarget(owner), range.from(), range.to()));
    var reading = new Provenance(source, seen.freshness, seen.isLiveMissing, loss, seen.now);
    var links =
        new TopLinks(
            owner.toString(),
            seen.freshness.watermark().toString(),
            range.from().toString(),
            range.to().toString(),
            top,
            Meta.of(reading, retention.warnings(range.from(), seen.now)));
    return ApiResponse.kept(links, links.etag(), 0);
  }
}
