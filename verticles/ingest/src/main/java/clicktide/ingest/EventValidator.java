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
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Judges the events of the batch collector, as S1 writes them (B1, B4). Decides only. */
final class EventValidator {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_.:-]{1,128}");
  private static final int LONGEST_TEXT = 1_024;

  /** The link that the caller may report clicks of. */
  private final Function<String, Optional<Link>> links;

  /** The addresses that owners do not want counted. */
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

  /** What becomes of an event. */
  sealed interface Judgement {
    record Accepted(LinkClick click) implements Judgement {}

    record Rejected(Reason reason, String detail) implements Judgement {}
  }

  /** Why an event is rejected, alone; its key is the code in the answer. */
  enum Reason {
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
    private final transient Judgement.Rejected rejected;

    private Rejection(Reason reason, String detail) {
      super(detail, null, false, false);
      rejected = new Judgement.Rejected(reason, detail);
    }
  }

  Judgement judge(JsonNode event, Instant receivedAt) {
    try {
      return new Judgement.Accepted(click(event, receivedAt));
    } catch (Rejection rejection) {
      return rejection.rejected;
    }
  }

  private LinkClick click(JsonNode event, Instant receivedAt) {
    if (!event.isObject()) {
      throw new Rejection(Reason.NOT_AN_OBJECT, "An event is a JSON object.");
    }
    var code = text(event, "shortCode", LONGEST_TEXT);
    var link =
        links
            .apply(code)
            .orElseThrow(() -> new Rejection(Reason.UNKNOWN_LINK, "There is no such link."));
    var at = time(text(event, "eventTime", LONGEST_TEXT), receivedAt);
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

  /** Without an id of its own an event is known by request, code and time (S1). */
  private static Identity identity(
      OwnerId owner, String code, String eventId, String requestId, Instant at) {
    if (!eventId.isEmpty()) {
      return Identity.Collected.of(owner, eventId);
    }
    if (requestId.isEmpty()) {
      throw new Rejection(Reason.MISSING_ID, "It needs an eventId or a requestId.");
    }
    // A space cannot stand in an id, so this one cannot be mistaken for a sender's.
    return Identity.Collected.of(owner, String.join(" ", requestId, code, at.toString()));
  }

  private static Client client(JsonNode event) {
    var address = text(event, "ip", LONGEST_TEXT);
    var literal = Network.parse(address).map(Network::address).map(InetAddress::getHostAddress);
    if (!address.isEmpty() && (literal.isEmpty() || address.contains("/"))) {
      throw new Rejection(Reason.INVALID_FIELD, "ip has to be an address.");
    }
    return new Client(
        literal.orElse(""),
        text(event, "userAgent", LONGEST_TEXT),
        text(event, "referrer", 2 * LONGEST_TEXT).replaceFirst("[?#].*", ""),
        "",
        false,
        false);
  }

  private Instant time(String text, Instant receivedAt) {
    var at = parse(text);
    if (at.isAfter(receivedAt.plus(Minute.AHEAD))) {
      throw new Rejection(Reason.IN_FUTURE, "eventTime is more than five minutes ahead.");
    }
    if (at.isBefore(retention.countsFrom(receivedAt))) {
      throw new Rejection(Reason.TOO_OLD, "eventTime is older than counts are kept.");
    }
    return at;
  }

  private static Instant parse(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException _) {
      throw new Rejection(Reason.INVALID_TIME, "eventTime has to be a time as RFC 3339 writes it.");
    }
  }

  private static String id(JsonNode event, String name) {
    var id = text(event, name, LONGEST_TEXT);
    if (!id.isEmpty() && !ID.matcher(id).matches()) {
      throw new Rejection(
          Reason.INVALID_ID, name + " has 1 to 128 characters of A-Z, a-z, 0-9 and _.:-");
    }
    return id;
  }

  private static String text(JsonNode event, String name, int longest) {
    var value = event.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    if (!value.isTextual() || value.textValue().length() > longest) {
      throw new Rejection(
          Reason.INVALID_FIELD, "%s is a text of at most %d characters.".formatted(name, longest));
    }
    return value.textValue();
  }
}
