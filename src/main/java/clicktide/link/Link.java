package clicktide.link;

import clicktide.event.LinkClick;
import clicktide.event.OwnerId;
import clicktide.event.Subject;
import clicktide.event.TrackingMode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A stored short link. The version counts its changes from 1. A deleted link keeps its code for
 * ever, so the code never leads to another owner's destination.
 */
public record Link(
    long id,
    String code,
    OwnerId owner,
    Rules rules,
    Notes notes,
    int version,
    Instant createdAt,
    Instant updatedAt) {

  /**
   * The behaviour of a link as its owner decides it. The destination is canonical, hence safe in a
   * header. The status is 301, 302, 307 or 308, or 404 without a destination. A link that forwards
   * the query adds the query of the request to the destination.
   */
  public record Rules(
      String destination,
      int status,
      State state,
      Tracking tracking,
      Optional<Instant> startsAt,
      Optional<Instant> expiresAt,
      boolean forwardsQuery) {

    /** The rules of a domain's page without a destination: the click counts, the answer is 404. */
    public static final Rules NOWHERE = to("").withStatus(404);

    /** Returns the defaults for a destination: 302, active, full tracking, no time limits. */
    public static Rules to(String destination) {
      return new Rules(
          destination, 302, State.ACTIVE, Tracking.FULL, Optional.empty(), Optional.empty(), false);
    }

    public Rules withStatus(int other) {
      return new Rules(destination, other, state, tracking, startsAt, expiresAt, forwardsQuery);
    }

    public Rules withState(State other) {
      return new Rules(destination, status, other, tracking, startsAt, expiresAt, forwardsQuery);
    }

    public Rules withTracking(Tracking other) {
      return new Rules(destination, status, state, other, startsAt, expiresAt, forwardsQuery);
    }

    public Rules withStart(Instant at) {
      return new Rules(
          destination, status, state, tracking, Optional.of(at), expiresAt, forwardsQuery);
    }

    public Rules withEnd(Instant at) {
      return new Rules(
          destination, status, state, tracking, startsAt, Optional.of(at), forwardsQuery);
    }

    public Rules withQuery(boolean forwards) {
      return new Rules(destination, status, state, tracking, startsAt, expiresAt, forwards);
    }

    /** The host of the destination, without its port. */
    String host() {
      if (destination.isEmpty()) {
        return "";
      }
      var from = destination.indexOf("://") + 3;
      var to = from;
      while (to < destination.length() && "/?#".indexOf(destination.charAt(to)) < 0) {
        to++;
      }
      var port = destination.lastIndexOf(':', to - 1);
      var isPort = port > from && destination.indexOf(']', port) < 0;
      return destination.substring(from, isPort ? port : to);
    }
  }

  /**
   * The part of a link that redirects do not need: a title, tags, the name of the link in another
   * system, and the number of human clicks after which it is exhausted.
   */
  public record Notes(
      Optional<String> title,
      List<String> tags,
      Optional<String> externalId,
      Optional<Long> clickLimit) {
    public static final Notes NONE =
        new Notes(Optional.empty(), List.of(), Optional.empty(), Optional.empty());

    public Notes {
      tags = List.copyOf(tags);
    }

    public Notes withTitle(String text) {
      return new Notes(Optional.of(text), tags, externalId, clickLimit);
    }

    public Notes withTags(String... texts) {
      return new Notes(title, List.of(texts), externalId, clickLimit);
    }

    public Notes withExternalId(String id) {
      return new Notes(title, tags, Optional.of(id), clickLimit);
    }

    public Notes withClickLimit(long clicks) {
      return new Notes(title, tags, externalId, Optional.of(clicks));
    }
  }

  /** The state that a link is in. */
  public enum State {
    ACTIVE,
    DISABLED,
    /** The click limit is reached. */
    EXHAUSTED,
    DELETED
  }

  /** The amount of data that a link keeps of its clicks. */
  public enum Tracking {
    FULL,
    COUNTS,
    OFF
  }

  /** The kind of answer to a request (A1). */
  public enum Answer {
    REDIRECT,
    NOT_YET,
    GONE
  }

  public Answer answerAt(Instant now) {
    if (rules.state != State.ACTIVE
        || rules.expiresAt.filter(end -> !now.isBefore(end)).isPresent()) {
      return Answer.GONE;
    }
    return rules.startsAt.filter(now::isBefore).isPresent() ? Answer.NOT_YET : Answer.REDIRECT;
  }

  /** Returns the link as its next version. */
  public Link changed(Rules other, Notes others, Instant at) {
    return new Link(id, code, owner, other, others, version + 1, createdAt, at);
  }

  /** Returns the part of the link that redirects need. */
  public Link withoutNotes() {
    return new Link(id, code, owner, rules, Notes.NONE, version, createdAt, updatedAt);
  }

  public boolean isDeleted() {
    return rules.state == State.DELETED;
  }

  /** Returns the status and the host that a click keeps. */
  public LinkClick.Target target() {
    return new LinkClick.Target(rules.status, rules.host());
  }

  /** Returns the tracking mode of a click at this moment. */
  public TrackingMode handling(boolean isOwnTraffic) {
    if (isOwnTraffic) {
      return TrackingMode.OWN_TRAFFIC;
    }
    return switch (rules.tracking) {
      case FULL -> TrackingMode.FULL;
      case COUNTS -> TrackingMode.COUNTS_ONLY;
      case OFF -> TrackingMode.TRACKING_OFF;
    };
  }

  public Subject.Link subject() {
    return new Subject.Link(id, countedFor(), version);
  }

  /** Returns the owner to whom clicks are counted. Clicks on a domain's page are in no total. */
  public OwnerId countedFor() {
    return isPage() ? owner.outsideTotals() : owner;
  }

  /** Returns true for a page of a {@link Domain}. */
  public boolean isPage() {
    return Domain.isPage(code);
  }
}
