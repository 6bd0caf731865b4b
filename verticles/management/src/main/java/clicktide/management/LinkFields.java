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
import java.util.regex.Pattern;

/** Reads the fields of links in writes. Faults are kept with the fields. */
final class LinkFields {
  private static final Set<Integer> STATUSES = Set.of(301, 302, 307, 308);

  private static final int LONGEST_TITLE = 300;
  private static final int MOST_TAGS = 50;
  private static final int LONGEST_TAG = 50;
  static final int LONGEST_ID = 128;
  private static final long HIGHEST_LIMIT = 1_000_000_000_000L;

  /** Control characters, and embeddings, overrides and isolates of UAX 9. */
  private static final Pattern CONTROLS =
      Pattern.compile("[\\p{Cc}\\u202A-\\u202E\\u2066-\\u2069]");

  private static final Pattern LAYOUT = Pattern.compile("[\\t\\r\\n]");

  private static final OwnerId NO_OWNER = new OwnerId(0);

  private LinkFields() {}

  /**
   * Reads the content of a link, or of a new one. A field that is {@code null} removes its value.
   * An absent field leaves it.
   */
  static LinkContent content(Fields fields, Optional<Link> link, Destination destinations) {
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
    return new LinkContent(rules, notes(fields, link.map(Link::notes).orElse(Notes.NONE)));
  }

  private static Notes notes(Fields fields, Notes old) {
    return new Notes(
        either(fields, "title", title(fields), old.title()),
        either(fields, "tags", tags(fields), old.tags(), List.of()),
        either(fields, "externalId", externalId(fields), old.externalId()),
        either(
            fields, "clickLimit", fields.number("clickLimit", 1, HIGHEST_LIMIT), old.clickLimit()));
  }

  /** Reads a title, which may have several lines. */
  private static Optional<String> title(Fields fields) {
    return fields
        .require(
            fields.text("title", LONGEST_TITLE),
            text -> !CONTROLS.matcher(LAYOUT.matcher(text).replaceAll("")).find(),
            "title",
            "invalid_title",
            "cannot contain control characters or marks of the writing direction")
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }

  /** Returns the value of a field, the old value if it is absent, or the default if it is null. */
  private static <T> T either(Fields fields, String name, Optional<T> value, T old, T otherwise) {
    return fields.has(name) ? value.orElse(otherwise) : old;
  }

  private static <T> Optional<T> either(
      Fields fields, String name, Optional<T> value, Optional<T> old) {
    return fields.has(name) ? value : old;
  }

  private static Optional<Integer> status(Fields fields) {
    return fields.require(
        fields.integer("redirectStatus"),
        STATUSES::contains,
        "redirectStatus",
        "invalid_status",
        "must be 301, 302, 307 or 308");
  }

  /** Leaves an exhausted link exhausted, since the store checks its click limit. */
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
                fields.fault(
                    "tracking",
                    "invalid_tracking",
                    "`tracking` must be `full`, `counts` or `off`.");
              }
              return found;
            });
  }

  /** Reads the tags in their order, each once. */
  private static Optional<List<String>> tags(Fields fields) {
    var tags =
        fields.require(
            fields
                .texts("tags", MOST_TAGS, LONGEST_TAG)
                .map(texts -> texts.stream().map(String::strip).distinct().toList()),
            texts -> texts.stream().noneMatch(tag -> tag.isEmpty() || tag.contains(",")),
            "tags",
            "invalid_tag",
            "cannot contain an empty tag or a comma");
    return fields.require(
        tags,
        texts -> texts.stream().noneMatch(tag -> CONTROLS.matcher(tag).find()),
        "tags",
        "invalid_tag",
        "cannot contain control characters or marks of the writing direction");
  }

  private static Optional<String> externalId(Fields fields) {
    return fields.require(
        fields.text("externalId", LONGEST_ID),
        text -> !text.isBlank(),
        "externalId",
        "invalid_external_id",
        "cannot be empty");
  }

  private static void requireOrder(
      Fields fields, Optional<Instant> starts, Optional<Instant> expires) {
    if (starts.isPresent() && expires.isPresent() && !starts.get().isBefore(expires.get())) {
      fields.fault("expiresAt", "ends_before_start", "`expiresAt` must be after `startsAt`.");
    }
  }

  /** Reads the owner: the caller itself, or the owner that the administrator names. */
  static OwnerId owner(Fields fields, Caller caller) {
    var named = fields.text("ownerId", 64).map(text -> OwnerId.parse(text).orElse(NO_OWNER));
    return switch (caller) {
      case Caller.Owner self -> {
        if (named.isPresent() && !named.get().equals(self.id())) {
          fields.fault("ownerId", "not_yours", "`ownerId` must be the owner of the API key.");
        }
        yield self.id();
      }
      case Caller.Administrator _ -> {
        if (named.isEmpty()) {
          fields.fault(
              "ownerId", "missing_field", "`ownerId` is required for the administrator's key.");
        }
        yield named.orElse(NO_OWNER);
      }
    };
  }
}
