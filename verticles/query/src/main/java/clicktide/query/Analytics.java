package clicktide.query;

import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.http.Problem;
import clicktide.link.Link;
import clicktide.replica.LinkMap;
import clicktide.store.AnalyticsTarget;
import clicktide.store.Await;
import clicktide.store.LedgerReader;
import clicktide.store.Owners;
import clicktide.store.Retention;
import clicktide.store.Rollups;
import clicktide.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The endpoints for analytics of a link and of an owner (E1 to E4). */
final class Analytics {
  private static final Duration LATE = Duration.ofDays(1); // later clicks are corrections
  private static final long KEPT_SECONDS = 60;

  private final LinkMap links;
  private final Owners owners;
  private final Rollups rollups;
  private final LedgerReader ledger;
  private final AnalyticsReader reader;
  private final Retention retention;
  private final TimeSource time;

  Analytics(QueryVerticle.QueryStores stores, Retention retention, TimeSource time) {
    this.links = stores.links();
    this.owners = stores.owners();
    this.rollups = stores.rollups();
    this.ledger = stores.ledger();
    this.reader = new AnalyticsReader(stores.live(), rollups, time);
    this.retention = retention;
    this.time = time;
  }

  ApiResponse link(ApiRequest call) {
    return link(call, call.visibleLink(links::find));
  }

  /** Answers for a link that the caller may see. */
  ApiResponse link(ApiRequest call, Link link) {
    return answer(call, AnalyticsTarget.LinkTarget.of(link), link.code(), link.createdAt());
  }

  ApiResponse owner(ApiRequest call) {
    var owner = call.visibleOwner(owners::exists);
    var first = Await.on(rollups.first(owner)).orElseGet(time::instant);
    return answer(call, new AnalyticsTarget.OwnerTarget(owner), owner.toString(), first);
  }

  private ApiResponse answer(ApiRequest call, AnalyticsTarget target, String name, Instant first) {
    var now = time.instant();
    var request = withTags(call, AnalyticsRequest.of(call, target, first, now));
    var previous = request.previous();
    var from = previous.orElse(request).from();
    var loss = ledger.loss(target, request.from(), request.to()); // while the rollups are read
    var written = Await.on(rollups.written(from, request.to())); // before the counts
    var read = reader.read(request, written, now);
    var before =
        previous.map(
            earlier -> Report.Previous.of(earlier, reader.fromRollups(earlier, written.version())));
    var provenance =
        before.isPresent() ? read.provenance().and(written.freshness()) : read.provenance();
    var meta = Meta.of(provenance, Await.on(loss), now, warnings(request, from, now));
    var report = Report.of(request, name, read.counts(), before, meta);
    var isOver = !written.freshness().watermark().isBefore(request.to().plus(LATE));
    return ApiResponse.kept(report, report.etag(), isOver ? KEPT_SECONDS : 0);
  }

  /** Keeps of an owner's links those with all tags of the request. */
  private AnalyticsRequest withTags(ApiRequest call, AnalyticsRequest request) {
    var tags = call.list("tag");
    if (tags.isEmpty()) {
      return request;
    }
    var query = request.query();
    var tagged =
        Await.on(rollups.tagged(query.target().owner(), tags))
            .orElseThrow(
                () ->
                    Problem.refused(
                            "too_many_links", "`tag` cannot select more than 100,000 links.")
                        .raised());
    return request.with(query.withLinks(tagged));
  }

  private List<String> warnings(AnalyticsRequest request, Instant from, Instant now) {
    var warnings = new ArrayList<>(retention.warnings(from, now));
    warnings.addAll(request.warnings());
    return warnings;
  }
}
