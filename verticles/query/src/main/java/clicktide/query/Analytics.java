package clicktide.query;

import clicktide.count.Clicks;
import clicktide.count.LiveTally;
import clicktide.count.Visitors;
import clicktide.event.Minute;
import clicktide.event.OwnerId;
import clicktide.http.Call;
import clicktide.http.Problem;
import clicktide.http.Reply;
import clicktide.query.Report.Reading;
import clicktide.store.Await;
import clicktide.store.Books;
import clicktide.store.Freshness;
import clicktide.store.LinkMap;
import clicktide.store.LiveCounts;
import clicktide.store.Owners;
import clicktide.store.Rollups;
import clicktide.store.Rollups.Key;
import clicktide.store.Whose;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
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
  private static final Duration BEHIND = Duration.ofSeconds(5);

  private final LinkMap links;
  private final Owners owners;
  private final Rollups rollups;
  private final LiveCounts live;
  private final Books books;
  private final InstantSource clock;

  Analytics(QueryVerticle.Stores stores, InstantSource clock) {
    this.links = stores.links();
    this.owners = stores.owners();
    this.rollups = stores.rollups();
    this.live = stores.live();
    this.books = stores.books();
    this.clock = clock;
  }

  Reply link(Call call) {
    var link = call.visibleLink(links::find);
    return answer(call, new Whose.Link(link.id(), link.owner()), link.code(), link.createdAt());
  }

  Reply owner(Call call) {
    var owner = visibleOwner(call);
    var first = Await.on(rollups.first(owner)).orElseGet(clock::instant);
    return answer(call, new Whose.Owner(owner), owner.toString(), first);
  }

  private OwnerId visibleOwner(Call call) {
    return OwnerId.parse(call.path("ownerId"))
        .filter(id -> call.caller().sees(id) && Await.on(owners.exists(id)))
        .orElseThrow(() -> Problem.notFound("owner").raised());
  }

  private Reply answer(Call call, Whose whose, String name, Instant first) {
    var now = clock.instant();
    var question = AnalyticsQuestion.of(call, whose, first, now);
    var fresh = Await.on(rollups.freshness());
    var bounds = question.bounds();
    var loss = Await.on(books.loss(whose, bounds.getFirst(), bounds.getLast()));
    var firstHot = question.isForHotHour() ? firstHot(bounds, now) : bounds.size();
    var isHot = firstHot < bounds.size() - 1;
    var hot = isHot ? hot(question, firstHot, fresh) : Optional.<LiveCounts.Snapshot>empty();
    if (hot.isEmpty()) {
      var reading = new Reading("rollup", fresh, isHot, loss, now);
      return Reply.ok(Report.of(question, name, fromRollups(question, bounds), reading));
    }
    var live = hot.get().freshness();
    var reading =
        firstHot == 0
            ? new Reading("live", live, false, loss, now)
            : new Reading("merged", live.and(fresh), false, loss, now);
    return Reply.ok(Report.of(question, name, merged(question, hot.get(), firstHot), reading));
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
      AnalyticsQuestion question, int first, Freshness rollupsFresh) {
    try {
      var bounds = question.bounds();
      var snapshot =
          Await.on(
              live.minutes(
                  question.whose(), Minute.of(bounds.get(first)), Minute.of(bounds.getLast())));
      var fresh = snapshot.freshness();
      var isBehind =
          fresh.partitions() < rollupsFresh.partitions()
              || fresh.through().plus(BEHIND).isBefore(rollupsFresh.through());
      return isBehind ? Optional.empty() : Optional.of(snapshot);
    } catch (RuntimeException failure) {
      log.warn("The live counts do not answer; minutes come from rows: {}", failure.toString());
      return Optional.empty();
    }
  }

  private Counted merged(AnalyticsQuestion question, LiveCounts.Snapshot hot, int firstHot) {
    var bounds = question.bounds();
    Map<Key, Clicks> clicks = new HashMap<>();
    if (firstHot > 0) {
      clicks.putAll(fromRollups(question, bounds.subList(0, firstHot + 1)).clicks());
    }
    var minutes = hot.sums();
    for (var bucket = firstHot; bucket < bounds.size() - 1; bucket++) {
      var counted = minutes.get(Minute.of(bounds.get(bucket)));
      if (counted != null) {
        clicks.put(new Key(bucket, List.of()), counted);
      }
    }
    return new Counted(clicks, Map.of(), Map.of());
  }

  private Counted fromRollups(AnalyticsQuestion question, List<Instant> bounds) {
    var asked = question.toRollups(bounds);
    var visitors = new HashMap<Key, Visitors>();
    if (question.wants(Metric.UNIQUE_VISITORS)) {
      Await.on(
          rollups.visitors(
              asked,
              (key, visitor) -> visitors.computeIfAbsent(key, _ -> new Visitors()).add(visitor)));
    }
    try {
      var scans =
          question.wants(Metric.SCANS)
              ? Await.on(rollups.clicks(question.toScans()))
              : Map.<Key, Clicks>of();
      return new Counted(Await.on(rollups.clicks(asked)), visitors, scans);
    } catch (Rollups.TooMany _) {
      throw Problem.refused(
              "too_many_rows",
              "That has too many combinations; ask for fewer dimensions, buckets or days.")
          .raised();
    }
  }

  /** A row of the leaderboard. */
  record Top(String code, long clicks, long human, long bot) {}

  /** The leaderboard of an owner. */
  record TopLinks(
      String ownerId,
      String freshThrough,
      String from,
      String to,
      List<Top> links,
      Report.Meta meta) {}

  Reply topLinks(Call call) {
    call.allow("from", "to", "interval", "tz", "timezone", "limit");
    var owner = visibleOwner(call);
    var now = clock.instant();
    var range = Ranges.of(call, Ranges.zone(call), now, now.minus(Duration.ofDays(366)));
    var bounds = Bucket.TOTAL.bounds(range.from(), range.to(), ZoneOffset.UTC, 1);
    var limit = call.integer("limit", 10, 1, 1_000);
    var fresh = Await.on(rollups.freshness());
    var whose = new Whose.Owner(owner);
    var loss = Await.on(books.loss(whose, bounds.getFirst(), bounds.getLast()));
    var top = Await.on(rollups.topLinks(owner, bounds.getFirst(), bounds.getLast(), limit));
    return Reply.ok(
        new TopLinks(
            owner.toString(),
            fresh.through().toString(),
            bounds.getFirst().toString(),
            bounds.getLast().toString(),
            top.stream()
                .map(
                    link ->
                        new Top(
                            link.code(),
                            link.clicks().total(),
                            link.clicks().human(),
                            link.clicks().bot()))
                .toList(),
            Report.meta(new Reading("rollup", fresh, false, loss, now), List.of())));
  }
}
