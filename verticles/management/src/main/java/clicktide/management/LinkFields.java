package clicktide.management;

import clicktide.event.OwnerId;
import clicktide.http.Caller;
import clicktide.http.Fields;
import clicktide.link.Destination;
import clicktide.link.Link;
import clicktide.link.Link.Notes;
import clicktide.link.Link.Rules;
import clicktide.link.Link.Tracking;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads the fields of links in writes; faults are noted with the fields. */
final class LinkFields {
  private static final Set<Integer> STATUSES = Set.of(301, 302, 307, 308);

  private static final int LONGEST_TITLE = 300;
  private static final int MOST_TAGS = 50;
  private static final int LONGEST_TAG = 50;
  static final int LONGEST_ID = 128;
  private static final long HIGHEST_LIMIT = 1_000_000_000_000L;

  private LinkFields() {}

  /** What a link is to be. */
  record Wish(Rules rules, Notes notes) {
    Wish named(String externalId) {
      var named =
          new Notes(notes.title(), notes.tags(), Optional.of(externalId), notes.clickLimit());
      return new Wish(rules, named);
    }
  }

  /**
   * What the fields make of a link, or of one that has nothing yet. A field that is {@code null}
   * takes away what was there, one that is absent leaves it.
   */
  static Wish wish(Fields fields, Optional<Link> link, Destination destinations) {
    var old = link.map(Link::rules).orElse(Rules.to(""));
    var rules =
        new Rules(
            NewDestination.of(fields, old.destination(), destinations),
            either(fields, "redirectStatus", status(fields), old.status(), 302),
            state(fields, old.state()),
            either(fields, "tracking", tracking(fields), old.tracking(), Tracking.FULL),
            either(fields, "startsAt", fields.instant("startsAt"), old.startsAt()),
            either(fields, "expiresAt", fields.instant("expiresAt"), old.expiresAt()),
            either(
                fields, "forwardQuery", fields.flag("forwardQuery"), old.forwardsQuery(), false));
    requireOrder(fields, rules.startsAt(), rules.expiresAt());
    return new Wish(rules, notes(fields, link.map(Link::notes).orElse(Notes.NONE)));
  }

  private static Notes notes(Fields fields, Notes old) {
    return new Notes(
        either(
            fields,
            "title",
            fields.text("title", LONGEST_TITLE).map(String::strip).filter(text -> !text.isEmpty()),
            old.title()),
        either(fields, "tags", tags(fields), old.tags(), List.of()),
        either(fields, "externalId", externalId(fields), old.externalId()),
        either(
            fields, "clickLimit", fields.number("clickLimit", 1, HIGHEST_LIMIT), old.clickLimit()));
  }

  /** What a field says, or what was there; where it is null, what there is without it. */
  private static <T> T either(Fields fields, String name, Optional<T> said, T old, T withoutIt) {
    return fields.has(name) ? said.orElse(withoutIt) : old;
  }

  private static <T> Optional<T> either(
      Fields fields, String name, Optional<T> said, Optional<T> old) {
    return fields.has(name) ? said : old;
  }

  private static Optional<Integer> status(Fields fields) {
    return fields
        .integer("redirectStatus")
        .filter(
            status ->
                STATUSES.contains(status)
                    || fields.fault(
                        "redirectStatus", "invalid_status", "It is 301, 302, 307 or 308."));
  }

  /** An exhausted link that is enabled stays exhausted; the store looks at the limit. */
  private static Link.State state(Fields fields, Link.State old) {
    return fields.flag("enabled").map(on -> on ? enabled(old) : Link.State.DISABLED).orElse(old);
  }

  private static Link.State enabled(Link.State old) {
    return old == Link.State.EXHAUSTED ? old : Link.State.ACTIVE;
  }

  private static Optional<Tracking> tracking(Fields fields) {
    return fields
        .text("tracking", 16)
        .flatMap(
            text -> {
              var found =
                  Arrays.stream(Tracking.values())
                      .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(text))
                      .findFirst();
              if (found.isEmpty()) {
                fields.fault("tracking", "invalid_tracking", "It is full, counts or off.");
              }
              return found;
            });
  }

  /** In their order, each once. */
  private static Optional<List<String>> tags(Fields fields) {
    return fields
        .texts("tags", MOST_TAGS, LONGEST_TAG)
        .map(texts -> texts.stream().map(String::strip).distinct().toList())
        .filter(
            texts ->
                texts.stream().noneMatch(tag -> tag.isEmpty() || tag.contains(","))
                    || fields.fault("tags", "invalid_tag", "A tag is not empty and has no comma."));
  }

  private static Optional<String> externalId(Fields fields) {
    return fields
        .text("externalId", LONGEST_ID)
        .filter(
            text ->
                !text.isBlank()
                    || fields.fault("externalId", "invalid_external_id", "It is not empty."));
  }

  private static void requireOrder(
      Fields fields, Optional<Instant> starts, Optional<Instant> expires) {
    if (starts.isPresent() && expires.isPresent() && !starts.get().isBefore(expires.get())) {
      fields.fault("expiresAt", "ends_before_start", "It has to be after startsAt.");
    }
  }

  /** An owner's key makes its own links; the administrator names the owner. */
  static OwnerId owner(Fields fields, Caller caller) {
    var named =
        fields
            .text("ownerId", 64)
            .map(text -> OwnerId.parse(text).orElse(new OwnerId(0))); // 0 is nobody
    return switch (caller) {
      case Caller.Owner self -> {
        if (named.isPresent() && !named.get().equals(self.id())) {
          fields.fault("ownerId", "not_yours", "This key makes links of its own owner only.");
        }
        yield self.id();
      }
      case Caller.Administrator _ -> {
        if (named.isEmpty()) {
          fields.fault("ownerId", "missing_field", "The administrator names the owner.");
        }
        yield named.orElse(new OwnerId(0));
      }
    };
  }
}
