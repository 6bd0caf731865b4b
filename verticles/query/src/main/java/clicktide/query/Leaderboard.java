package clicktide.query;

import clicktide.http.Call;
import clicktide.http.Reply;
import clicktide.store.Await;
import clicktide.store.Books;
import clicktide.store.Owners;
import clicktide.store.Rollups;
import clicktide.store.Whose;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;

/** The links of an owner with most clicks (E2). */
final class Leaderboard {
  private static final Duration LONGEST = Duration.ofDays(366);

  private final Owners owners;
  private final Rollups rollups;
  private final Books books;
  private final InstantSource clock;

  Leaderboard(QueryVerticle.Stores stores, InstantSource clock) {
    this.owners = stores.owners();
    this.rollups = stores.rollups();
    this.books = stores.books();
    this.clock = clock;
  }

  /** A row of the leaderboard. */
  record Top(String code, long clicks, long human, long bot) {
    private static Top of(Rollups.TopLink link) {
      var clicks = link.clicks();
      return new Top(link.code(), clicks.total(), clicks.human(), clicks.bot());
    }
  }

  /** The answer. */
  record TopLinks(
      String ownerId, String freshThrough, String from, String to, List<Top> links, Meta meta) {}

  Reply links(Call call) {
    call.allow("from", "to", "interval", "tz", "timezone", "limit");
    var owner = call.visibleOwner(owners::exists);
    var now = clock.instant();
    var range = Ranges.of(call, Ranges.zone(call), now, now.minus(LONGEST));
    var bounds = Bucket.TOTAL.bounds(range.from(), range.to(), ZoneOffset.UTC, 1);
    var from = bounds.getFirst();
    var to = bounds.getLast();
    var limit = call.integer("limit", 10, 1, 1_000);
    var fresh = Await.on(rollups.freshness());
    var loss = Await.on(books.loss(new Whose.Owner(owner), from, to));
    var top = Await.on(rollups.topLinks(owner, from, to, limit));
    return Reply.ok(
        new TopLinks(
            owner.toString(),
            fresh.through().toString(),
            from.toString(),
            to.toString(),
            top.stream().map(Top::of).toList(),
            Meta.of(new Reading("rollup", fresh, false, loss, now), List.of())));
  }
}
