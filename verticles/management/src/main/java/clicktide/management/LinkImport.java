package clicktide.management;

import clicktide.bus.Addresses;
import clicktide.event.OwnerId;
import clicktide.http.ApiRequest;
import clicktide.http.ApiResponse;
import clicktide.http.Fields;
import clicktide.http.Problem;
import clicktide.link.Code;
import clicktide.link.Destination;
import clicktide.link.Link;
import clicktide.management.LinkFields.Wish;
import clicktide.store.Await;
import clicktide.store.Links;
import clicktide.store.Links.Opening;
import clicktide.store.Owners;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes many links at a time (A7). A row that cannot be taken is told with its faults and stops no
 * other; one that names a link which the owner has, by its code or external id, changes it, or
 * nothing, so that an import can be sent again.
 */
final class LinkImport {
  private static final long HIGHEST = 1_000_000_000_000L;

  private final Vertx vertx;
  private final Links links;
  private final Owners owners;
  private final Destination destinations;

  LinkImport(Vertx vertx, Links links, Owners owners, Destination destinations) {
    this.vertx = vertx;
    this.owners = owners;
    this.links = links;
    this.destinations = destinations;
  }

  /** What became of the row with this number from 1. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  record Row(int row, String outcome, String code, List<Problem.Fault> errors) {}

  /** What became of all. */
  record Answer(long created, long changed, long unchanged, long failed, List<Row> rows) {}

  ApiResponse run(ApiRequest call) {
    var format = ImportFormat.of(call);
    var owner = LinkRoutes.owner(call);
    LinkRoutes.requireOwner(owners, owner);
    var rows = ImportedRows.of(call, format);
    return ApiResponse.ok(new Run(links.by(call.actor()), owner, format).of(rows));
  }

  /** A row that makes a new link. */
  private record Making(int row, Links.Draft draft, Optional<Opening> opening) {}

  /** One import of one owner. */
  private final class Run {
    private final Links links;
    private final OwnerId owner;
    private final ImportFormat format;
    private final Row[] results;
    private final Set<String> domains = new HashSet<>();
    private final Set<String> seen = new HashSet<>();
    private final List<Making> makings = new ArrayList<>();
    private final Map<String, Link> byCode = new HashMap<>();
    private final Map<String, Link> byExternalId = new HashMap<>();

    private Run(Links links, OwnerId owner, ImportFormat format) {
      this.links = links;
      this.owner = owner;
      this.format = format;
      this.results = new Row[ImportedRows.MOST];
    }

    private Answer of(List<JsonNode> rows) {
      lookUp(rows);
      for (var i = 0; i < rows.size(); i++) {
        take(i, rows.get(i));
      }
      make();
      var all = Arrays.asList(results).subList(0, rows.size());
      return new Answer(
          count(all, "created"),
          count(all, "changed"),
          count(all, "unchanged"),
          count(all, "failed"),
          all);
    }

    private static long count(List<Row> rows, String outcome) {
      return rows.stream().filter(row -> row.outcome.equals(outcome)).count();
    }

    private void lookUp(List<JsonNode> rows) {
      Await.on(links.domains(owner))
          .forEach(link -> Code.domain(link.code()).ifPresent(domains::add));
      var codes = rows.stream().map(NewCode::named).toList();
      var ids = rows.stream().map(row -> row.path("externalId").asText()).toList();
      for (var link : Await.on(links.named(owner, codes, ids))) {
        byCode.put(link.code(), link);
        if (link.owner().equals(owner) && !link.isDeleted()) {
          link.notes().externalId().ifPresent(id -> byExternalId.put(id, link));
        }
      }
    }

    private void take(int index, JsonNode row) {
      if (!(row instanceof ObjectNode object)) {
        fail(index, new Problem.Fault("", "not_an_object", "A row is an object."));
        return;
      }
      var fields = Fields.of(object);
      var code = NewCode.of(fields, domains::contains);
      var known = known(fields, code);
      var opening = opening(fields);
      var wish = LinkFields.wish(fields, known, destinations);
      for (var name : names(code, wish)) {
        if (!seen.add(name)) {
          fields.fault("", "twice_in_import", "An earlier row has the same code or id.");
        }
      }
      fields.refuseOthers();
      if (!fields.faults().isEmpty()) {
        fail(index, fields.faults().toArray(Problem.Fault[]::new));
      } else if (known.isPresent()) {
        change(index, known.get(), wish);
      } else {
        var made = Optional.of(code.orElseGet(Code::random));
        var draft = new Links.Draft(owner, made, wish.rules(), wish.notes());
        makings.add(new Making(index, draft, opening));
      }
    }

    /** The link that the row is about, if the owner has it. */
    private Optional<Link> known(Fields fields, Optional<String> code) {
      var byId = fields.text("externalId", 128).map(byExternalId::get);
      var found = byId.isPresent() ? byId : code.map(byCode::get);
      if (found.isPresent() && code.isPresent() && !found.get().code().equals(code.get())) {
        fields.fault("code", "code_is_fixed", "The code of a link cannot be changed.");
      }
      if (found.filter(link -> !link.owner().equals(owner) || link.isDeleted()).isPresent()) {
        fields.fault("code", "code_taken", "This code is or was in use.");
        return Optional.empty();
      }
      return found;
    }

    private static List<String> names(Optional<String> code, Wish wish) {
      var names = new ArrayList<String>();
      code.ifPresent(text -> names.add("code " + text));
      wish.notes().externalId().ifPresent(text -> names.add("id " + text));
      return names;
    }

    private Optional<Opening> opening(Fields fields) {
      return format == ImportFormat.CLICKTIDE
          ? Optional.empty()
          : fields.number("clicks", 0, HIGHEST).map(clicks -> new Opening(clicks, format.key()));
    }

    private void change(int index, Link link, Wish wish) {
      if (wish.equals(new Wish(link.rules(), link.notes()))) {
        results[index] = new Row(index + 1, "unchanged", link.code(), List.of());
        return;
      }
      try {
        var kept = Await.on(links.change(link, wish.rules(), wish.notes()));
        if (kept.isPresent()) {
          done(index, "changed", kept.get());
        } else {
          fail(index, new Problem.Fault("", "changed_meanwhile", "Somebody else changed it."));
        }
      } catch (Links.Taken _) {
        fail(
            index,
            new Problem.Fault("externalId", "external_id_taken", "Another link has this id."));
      }
    }

    private void make() {
      var drafts = makings.stream().map(Making::draft).toList();
      var openings = new HashMap<String, Opening>();
      makings.forEach(
          making ->
              making.opening.ifPresent(
                  opening -> openings.put(making.draft.code().orElseThrow(), opening)));
      var made = new HashMap<String, Link>();
      Await.on(links.createAll(drafts, openings)).forEach(link -> made.put(link.code(), link));
      for (var making : makings) {
        var link = made.get(making.draft.code().orElseThrow());
        if (link != null) {
          done(making.row, "created", link);
        } else {
          fail(making.row, new Problem.Fault("code", "code_taken", "This code or id is in use."));
        }
      }
    }

    private void done(int index, String outcome, Link link) {
      Addresses.LINKS_CHANGED.publish(vertx, link);
      results[index] = new Row(index + 1, outcome, link.code(), List.of());
    }

    private void fail(int index, Problem.Fault... faults) {
      results[index] = new Row(index + 1, "failed", "", List.of(faults));
    }
  }
}
