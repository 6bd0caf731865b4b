package clicktide.management;

import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.http.Faults;
import clicktide.http.Problem;
import clicktide.link.Destination;
import clicktide.link.Link;
import clicktide.link.LinkDraft;
import clicktide.store.Actor;
import clicktide.store.Await;
import clicktide.store.Links;
import clicktide.store.Links.Opening;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The route of imports (A7). A row that cannot be imported is reported with its faults and stops no
 * other row. The links of all other rows are created in one statement.
 */
final class LinkImport {
  /** The number of concurrent calls that an import counts as. */
  static final int WEIGHT = 8;

  private static final int MAX_FAULTS = 1_000; // in detail, of all rows

  private final Links links;
  private final LinkWriter writer;
  private final Tenants tenants;
  private final NewCode codes;
  private final Destination destinations;

  LinkImport(
      Links links, LinkWriter writer, Tenants tenants, NewCode codes, Destination destinations) {
    this.links = links;
    this.writer = writer;
    this.tenants = tenants;
    this.codes = codes;
    this.destinations = destinations;
  }

  /** The outcome of a row. Rows are numbered from 1. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record RowOutcome(int row, String outcome, String code, List<Problem.Fault> errors) {
    private static RowOutcome of(int row, String outcome, Link link) {
      return new RowOutcome(row, outcome, link.code(), List.of());
    }

    private static RowOutcome failed(int row, List<Problem.Fault> faults) {
      return new RowOutcome(row, "failed", "", faults);
    }

    private static RowOutcome failed(int row, String field, String code, String detail) {
      return failed(row, List.of(new Problem.Fault(field, code, detail)));
    }
  }

  /** The outcome of an import. */
  record ImportReport(
      long created, long changed, long unchanged, long failed, List<RowOutcome> rows) {
    private static ImportReport of(List<RowOutcome> rows) {
      return new ImportReport(
          count(rows, "created"),
          count(rows, "changed"),
          count(rows, "unchanged"),
          count(rows, "failed"),
          rows);
    }

    private static long count(List<RowOutcome> rows, String outcome) {
      return rows.stream().filter(row -> row.outcome.equals(outcome)).count();
    }
  }

  ApiResponse run(ApiRequest call) {
    var format = ImportFormat.of(call);
    var owner = Tenants.of(call);
    tenants.require(owner);
    var rows = ImportedRows.of(call, format);
    var known = KnownLinks.of(links, owner, rows);
    var planner = new RowPlanner(owner, format, known, codes, destinations);
    var outcomes = new TreeMap<Integer, RowOutcome>();
    var creating = new TreeMap<Integer, RowPlan.Creating>();
    var room = MAX_FAULTS;
    for (var row = 1; row <= rows.size(); row++) {
      switch (planner.plan(rows.get(row - 1))) {
        case RowPlan.Creating plan -> creating.put(row, plan);
        case RowPlan.Changing plan -> outcomes.put(row, change(call.actor(), row, plan));
        case RowPlan.Refusing(Faults faults) -> {
          var listed = faults.list(room);
          room = Math.max(0, room - listed.size());
          outcomes.put(row, RowOutcome.failed(row, listed));
        }
      }
    }
    outcomes.putAll(create(call.actor(), creating));
    return ApiResponse.ok(ImportReport.of(List.copyOf(outcomes.values())));
  }

  private RowOutcome change(Actor actor, int row, RowPlan.Changing plan) {
    if (plan.content().equals(LinkContent.of(plan.link()))) {
      return RowOutcome.of(row, "unchanged", plan.link());
    }
    return switch (writer.change(actor, plan.link(), plan.content())) {
      case Links.LinkChanged(Link link) -> RowOutcome.of(row, "changed", link);
      case Links.Outdated() ->
          RowOutcome.failed(row, "", "changed_meanwhile", "The link was changed by another call.");
      case Links.ExternalIdTaken() ->
          RowOutcome.failed(
              row, "externalId", "external_id_taken", "`externalId` is in use for another link.");
    };
  }

  private Map<Integer, RowOutcome> create(Actor actor, Map<Integer, RowPlan.Creating> plans) {
    var drafts = new ArrayList<LinkDraft>();
    var openings = new HashMap<String, Opening>();
    for (var plan : plans.values()) {
      drafts.add(plan.draft());
      plan.opening().ifPresent(opening -> openings.put(plan.draft().code().orElseThrow(), opening));
    }
    var creation = Await.on(links.by(actor).createAll(drafts, openings));
    var created = new HashMap<String, Link>();
    for (var link : creation.links()) {
      writer.announce(link);
      created.put(link.code(), link);
    }
    var withinQuota = drafts.size() - creation.overQuota();
    var outcomes = new HashMap<Integer, RowOutcome>();
    plans.forEach(
        (row, plan) -> {
          var link = created.get(plan.draft().code().orElseThrow());
          var isOverQuota = outcomes.size() >= withinQuota;
          outcomes.put(
              row,
              link == null ? notCreated(row, isOverQuota) : RowOutcome.of(row, "created", link));
        });
    return outcomes;
  }

  private static RowOutcome notCreated(int row, boolean isOverQuota) {
    return isOverQuota
        ? RowOutcome.failed(row, "", "quota_exceeded", LinkWriter.QUOTA_EXCEEDED)
        : RowOutcome.failed(row, "code", "code_taken", "`code` or `externalId` is in use.");
  }
}
