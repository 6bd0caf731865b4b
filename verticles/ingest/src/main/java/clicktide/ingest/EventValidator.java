package clicktide.ingest;

import clicktide.event.Identity;
import clicktide.event.LinkClick;
import clicktide.event.LinkClick.Campaign;
import clicktide.event.LinkClick.Client;
import clicktide.event.LinkClick.Via;
import clicktide.event.Minute;
import clicktide.event.OwnerId;
import clicktide.link.Link;
import clicktide.net.Network;
import clicktide.store.Retention;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Validates the events of the batch collector, as S1 defines them (B1, B4). Decides only. */
final class EventValidator {
  private static final Pattern QUERY = Pattern.compile("[?#].*");
  private static final int MAX_ID = 128; // characters
  private static final int MAX_TEXT = 1_024; // characters

  /** The links that the caller may report clicks of. */
  private final Function<String, Optional<Link>> links;

  /** The addresses of owners, which are not counted. */
  private final BiPredicate<OwnerId, String> ownTraffic;

  private final Retention retention;

  EventValidator(
      Function<String, Optional<Link>> links,
      BiPredicate<OwnerId, String> ownTraffic,
      Retention retention) {
    this.links = links;
    this.ownTraffic = ownTraffic;
    this.retention = retention;
  }

  /** The outcome for an event. */
  sealed interface Judgement {
    record Valid(LinkClick click) implements Judgement {}

    record Invalid(RejectionReason reason, String detail) implements Judgement {}
  }

  /** The reason for rejecting one event. Its name in lower case is the code in the answer. */
  enum RejectionReason {
    NOT_AN_OBJECT,
    INVALID_FIELD,
    UNKNOWN_LINK,
    MISSING_ID,
    INVALID_ID,
    INVALID_TIME,
    IN_FUTURE,
    TOO_OLD
  }

  /** Carries a rejection out of the reading of an event. */
  private static final class Rejection extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Judgement.Invalid rejected;

    private Rejection(RejectionReason reason, String detail) {
      super(detail, null, false, false);
      rejected = new Judgement.Invalid(reason, detail);
    }
  }

  Judgement judge(JsonNode event, Instant receivedAt) {
    try {
      return new Judgement.Valid(click(event, receivedAt));
    } catch (Rejection rejection) {
      return rejection.rejected;
    }
  }

  private LinkClick click(JsonNode event, Instant receivedAt) {
    if (!event.isObject()) {
      throw new Rejection(RejectionReason.NOT_AN_OBJECT, "The event must be a JSON object.");
    }
    var code = text(event, "shortCode", MAX_TEXT);
    var link =
        links
            .apply(code)
            .orElseThrow(
                () ->
                    new Rejection(
                        RejectionReason.UNKNOWN_LINK,
                        "`shortCode` must be the code of one of your links."));
    var at = time(text(event, "eventTime", MAX_TEXT), receivedAt);
    var requestId = id(event, "requestId");
    var client = client(event);
    return new LinkClick(
            identity(link.owner(), code, id(event, "eventId"), requestId, at),
            link.subject(),
            code,
            at,
            receivedAt,
            requestId,
            link.target(),
            Via.LINK,
            client,
            Campaign.NONE,
            link.handling(ownTraffic.test(link.owner(), client.address())))
        .reduced();
  }

  /** Identifies an event without an id by request, code and time (S1). */
  private static Identity identity(
      OwnerId owner, String code, String eventId, String requestId, Instant at) {
    if (!eventId.isEmpty()) {
      return Identity.Collected.of(owner, eventId);
    }
    if (requestId.isEmpty()) {
      throw new Rejection(RejectionReason.MISSING_ID, "`eventId` or `requestId` is required.");
    }
    // The id of a sender contains no space, so no sender can choose this one.
    return Identity.Collected.of(owner, String.join(" ", requestId, code, at.toString()));
  }

  private static Client client(JsonNode event) {
    var address = text(event, "ip", MAX_TEXT);
    var literal = Network.literal(address).map(InetAddress::getHostAddress);
    if (!address.isEmpty() && literal.isEmpty()) {
      throw new Rejection(RejectionReason.INVALID_FIELD, "`ip` must be an IP address.");
    }
    return new Client(
        literal.orElse(""),
        text(event, "userAgent", MAX_TEXT),
        QUERY.matcher(text(event, "referrer", 2 * MAX_TEXT)).replaceFirst(""),
        "",
        false,
        false);
  }

  private Instant time(String text, Instant receivedAt) {
    var at = parse(text);
    if (at.isAfter(receivedAt.plus(Minute.AHEAD))) {
      throw new Rejection(
          RejectionReason.IN_FUTURE, "`eventTime` must be at most 5 minutes in the future.");
    }
    if (at.isBefore(retention.countsFrom(receivedAt))) {
      throw new Rejection(
          RejectionReason.TOO_OLD, "`eventTime` cannot be older than the counts that are kept.");
    }
    return at;
  }

  private static Instant parse(String text) {
    try {
      return EventTime.parse(text);
    } catch (DateTimeException _) {
      throw new Rejection(
          RejectionReason.INVALID_TIME, "`eventTime` must be a time in RFC 3339 format.");
    }
  }

  private static String id(JsonNode event, String name) {
    var id = text(event, name, MAX_TEXT);
    if (!id.isEmpty() && !isId(id)) {
      throw new Rejection(
          RejectionReason.INVALID_ID,
          "`%s` must have 1 to 128 characters of A-Z, a-z, 0-9 and _.:-".formatted(name));
    }
    return id;
  }

  /** Compares characters: a regular expression takes much longer, and each event has an id. */
  private static boolean isId(String id) {
    for (var i = 0; i < id.length(); i++) {
      var c = id.charAt(i);
      var isLetter = 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z';
      if (!isLetter && (c < '0' || c > '9') && "_.:-".indexOf(c) < 0) {
        return false;
      }
    }
    return id.length() <= MAX_ID;
  }

  private static String text(JsonNode event, String name, int longest) {
    var value = event.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    if (!value.isTextual() || value.textValue().length() > longest) {
      throw new Rejection(
          RejectionReason.INVALID_FIELD,
          "`%s` must be a text of at most %d characters.".formatted(name, longest));
    }
    return value.textValue();
  }
}
