package clicktide.management;

import clicktide.event.OwnerId;
import clicktide.http.Faults;
import clicktide.http.Fields;
import clicktide.link.Code;
import clicktide.link.Destination;
import clicktide.link.Link;
import clicktide.link.LinkDraft;
import clicktide.store.Links.Opening;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Decides the rows of one import, in their order. A row that names a link of the owner by code or
 * external id changes this link, any other row creates one. So an import can be sent again.
 */
final class RowPlanner {
  private static final long HIGHEST_COUNT = 1_000_000_000_000L;

  private final OwnerId owner;
  private final ImportFormat format;
  private final KnownLinks known;
  private final NewCode codes;
  private final Destination destinations;
  private final Set<String> seen = new HashSet<>();

  RowPlanner(
      OwnerId owner,
      ImportFormat format,
      KnownLinks known,
      NewCode codes,
      Destination destinations) {
    this.owner = owner;
    this.format = format;
    this.known = known;
    this.codes = codes;
    this.destinations = destinations;
  }

  RowPlan plan(JsonNode row) {
    if (!(row instanceof ObjectNode object)) {
      return new RowPlan.Refusing(Faults.of("", "not_an_object", "A row must be an object."));
    }
    var fields = Fields.of(object);
    var code = codes.of(fields, known::hasDomain);
    var link = link(fields, code);
    var opening = opening(fields);
    var content = LinkFields.content(fields, link, destinations);
    requireFirst(fields, code, content.notes().externalId());
    fields.refuseOthers();
    if (!fields.faults().isEmpty()) {
      return new RowPlan.Refusing(fields.faults());
    }
    return link.<RowPlan>map(old -> new RowPlan.Changing(old, content))
        .orElseGet(
            () ->
                new RowPlan.Creating(
                    new LinkDraft(owner, code, content.rules(), content.notes())
                        .named(code.orElseGet(() -> Code.random(codes.random()))),
                    opening));
  }

  /** Finds the link of the owner that the row names. */
  private Optional<Link> link(Fields fields, Optional<String> code) {
    var byId = fields.text("externalId", LinkFields.LONGEST_ID).flatMap(known::byExternalId);
    var found = byId.or(() -> code.flatMap(known::byCode));
    if (found.isPresent() && code.isPresent() && !found.get().code().equals(code.get())) {
      fields.fault("code", "code_is_fixed", "`code` cannot be changed.");
    }
    if (found.filter(link -> !link.owner().equals(owner) || link.isDeleted()).isPresent()) {
      fields.fault("code", "code_taken", "`code` is or was in use.");
      return Optional.empty();
    }
    return found;
  }

  private Optional<Opening> opening(Fields fields) {
    return format == ImportFormat.CLICKTIDE
        ? Optional.empty()
        : fields
            .number("clicks", 0, HIGHEST_COUNT)
            .map(clicks -> new Opening(clicks, format.key()));
  }

  /** Keeps a fault if an earlier row has the same code or external id. */
  private void requireFirst(Fields fields, Optional<String> code, Optional<String> externalId) {
    var names = new ArrayList<String>();
    code.ifPresent(text -> names.add("code " + text));
    externalId.ifPresent(text -> names.add("id " + text));
    for (var name : names) {
      if (!seen.add(name)) {
        fields.fault(
            "", "twice_in_import", "`code` and `externalId` must differ from those of other rows.");
      }
    }
  }
}
