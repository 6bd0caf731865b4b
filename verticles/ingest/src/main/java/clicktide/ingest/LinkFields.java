package clicktide.ingest;

import clicktide.event.OwnerId;
import clicktide.http.Caller;
import clicktide.http.Fields;
import clicktide.link.Code;
import clicktide.link.Destination;
import clicktide.link.Destination.Verdict;
import clicktide.link.Link.Tracking;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads the fields of links in writes; faults are noted with the fields. */
final class LinkFields {
  private static final Set<Integer> STATUSES = Set.of(301, 302, 307, 308);
  private static final int LONGEST_URL =
      4_096; // the check of the destination says what is too long

  private LinkFields() {}

  static Optional<String> code(Fields fields) {
    return fields
        .text("code", LONGEST_URL)
        .filter(
            text ->
                Code.isValid(text)
                    || fields.fault(
                        "code", "invalid_code", "A code has 1 to 32 of 0-9, A-Z, a-z, _ and -."));
  }

  static Optional<String> destination(Fields fields, Destination destinations) {
    return fields
        .text("destination", LONGEST_URL)
        .flatMap(
            text ->
                switch (destinations.check(text)) {
                  case Verdict.Accepted(String url) -> Optional.of(url);
                  case Verdict.Refused(Destination.Refusal refusal) -> {
                    fields.fault("destination", refusal.code(), refusal.detail());
                    yield Optional.empty();
                  }
                });
  }

  static Optional<Integer> status(Fields fields) {
    return fields
        .integer("redirectStatus")
        .filter(
            status ->
                STATUSES.contains(status)
                    || fields.fault(
                        "redirectStatus", "invalid_status", "It is 301, 302, 307 or 308."));
  }

  static Optional<Tracking> tracking(Fields fields) {
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

  static void requireOrder(Fields fields, Optional<Instant> starts, Optional<Instant> expires) {
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
