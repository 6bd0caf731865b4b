package clicktide.query;

import clicktide.count.HumanBotCount;
import clicktide.count.LiveTally;
import clicktide.event.Minute;
import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.http.Problem;
import clicktide.link.Link;
import clicktide.replica.LinkMap;
import clicktide.store.AnalyticsTarget;
import clicktide.store.Await;
import clicktide.store.Freshness;
import clicktide.store.LedgerReader;
import clicktide.store.LiveCounts;
import clicktide.store.Owners;
import clicktide.store.Retention;
import clicktide.store.Rollups;
import clicktide.store.Rollups.CountKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers questions about the past (E1 to E4). Each bucket is read from one store: minutes of the
 * hot hour from the live counts, everything else from the rollups.
 */
final class Analytics {
  private static final Logger log = LoggerFactory.getLogger(Analytics.class);
  private static final Duration LATE = Duration.ofDays(1); // what comes later is a correction
  private static final long KEPT_SECONDS = 60;
  private static final Optional<AnalyticsRequest> NOT_COMPARED = Optional.empty();

  private final LinkMap links;
  private final Owners owners;
  private final Rollups rollups;
  private final RollupCache numbers;
  private final LiveCounts live;
  private final LedgerReader books;
  private final Retention retention;
  private final InstantSource clock;

  Analytics(QueryVerticle.Stores stores, Retention retention, InstantSource clock) {
    this.retention = retention;
    this.links = stores.links();
    this.owners = stores.owners();
    this.rollups = stores.rollups();
    this.numbers = new RollupCache(rollups);
    this.live = stores.live();
    this.books = stores.books();
    this.clock = clock;
  }

  ApiResponse link(ApiRequest call) {
    var link = call.visibleLink(links::find);
    return of(call, link);
  }

  /** About a link that the caller may see. */
  ApiResponse of(ApiRequest call, Link link) {
    return answer(call, AnalyticsTarget.LinkTarget.of(link), link.code(), link.createdAt());
  }

  ApiResponse owner(ApiRequest call) {
    var owner = call.visibleOwner(owners::exists);
    var first = Await.on(rollups.first(owner)).orElseGet(clock::instant);
    return answer(call, new AnalyticsTarget.OwnerTarget(owner), owner.toString(), first);
  }

  private ApiResponse answer(ApiRequest call, AnalyticsTarget target, String name, Instant first) {
    var now = clock.instant();
    var question = tagged(call, AnalyticsRequest.of(call, target, first, now));
    var previous = question.isCompared() ? Optional.of(question.previous()) : NOT_COMPARED;
    var bounds = question.bounds();
    var from = previous.map(before -> before.bounds().getFirst()).orElse(bounds.getFirst());
    var losing = books.loss(target, bounds.getFirst(), bounds.getLast()); // meanwhile
    var written = Await.on(rollups.written(from, bounds.getLast()));
    var fresh = written.freshness();
    var loss = Await.on(losing);
    var firstHot = question.isForHotHour() ? firstHot(bounds, now) : bounds.size();
    var isHot = firstHot < bounds.size() - 1;
    var hot = isHot ? hot(question, firstHot, fresh) : Optional.<LiveCounts.Snapshot>empty();
    var counted =
        hot.map(live -> merged(question, live, firstHot, written.version()))
            .orElseGet(() -> numbers.of(question, bounds, written.version()));
    var before =
        previous.map(
            asked ->
                Report.Previous.of(asked, numbers.of(asked, asked.bounds(), written.version())));
    var reading =
        hot.map(
                live ->
                    firstHot == 0 && before.isEmpty()
                        ? new Provenance("live", live.freshness(), false, loss, now)
                        : new Provenance("merged", live.freshness().and(fresh), false, loss, now))
            .orElseGet(() -> new Provenance("rollup", fresh, isHot, loss, now));
    var report = Report.of(question, name, counted, before, reading, retention.warnings(from, now));
    var isOver = !fresh.watermark().isBefore(bounds.getLast().plus(LATE));
    return ApiResponse.kept(report, report.etag(), isOver ? KEPT_SECONDS : 0);
  }

  /** Of an owner's links those with all the tags that are asked for. */
  private AnalyticsRequest tagged(ApiRequest call, AnalyticsRequest question) {
    var tags = call.list("tag");
    if (tags.isEmpty()) {
      return question;
    }
    var links = Await.on(rollups.tagged(question.target().owner(), tags));
    return question.of(
        links.orElseThrow(
            () ->
                Problem.refused("too_many_links", "That tag has more links than can be added up.")
                    .raised()));
  }

  /** The number of the first bucket in the hot hour. */
  private static int firstHot(List<Instant> bounds, Instant now) {
    var from = Minute.of(now).plus(1 - LiveTally.MINUTES).start();
    var first = 0;
    while (first < bounds.size() && bounds.get(first).isBefore(from)) {
      first++;
    }
    return first;
  }

  /** Empty if the live counts are away, or behind the rollups, as after they were emptied (G8). */
  private Optional<LiveCounts.Snapshot> hot(
      AnalyticsRequest question, int first, Freshness rollupsFresh) {
    try {
      var bounds = question.bounds();
      var snapshot =
          Await.on(
              live.minutes(
                  question.target(), Minute.of(bounds.get(first)), Minute.of(bounds.getLast())));
      return snapshot.freshness().isBehind(rollupsFresh) ? Optional.empty() : Optional.of(snapshot);
    } catch (RuntimeException failure) {
      log.warn("The live counts do not answer; minutes come from rows: {}", failure.toString());
      return Optional.empty();
    }
  }

  private QueryResult merged(
      AnalyticsRequest question, LiveCounts.Snapshot hot, int firstHot, long version) {
    var bounds = question.bounds();
    Map<CountKey, HumanBotCount> clicks = new HashMap<>();
    if (firstHot > 0) {
      var older = List.copyOf(bounds.subList(0, firstHot + 1));
      clicks.putAll(numbers.of(question, older, version).clicks());
    }
    var minutes = hot.sums();
    for (var bucket = firstHot; bucket < bounds.size() - 1; bucket++) {
      var counted = minutes.get(Minute.of(bounds.get(bucket)));
      if (counted != null) {
        clicks.put(new CountKey(bucket, List.of()), counted);
      }
    }
    return new QueryResult(clicks, Map.of(), Map.of());
  }
}
