package clicktide.link;

import clicktide.event.LinkClick;
import clicktide.event.OwnerId;
import clicktide.event.Subject;
import clicktide.event.TrackingMode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A short link as the store has it. The version counts its changes from 1. A deleted link keeps its
 * code for ever, so nobody else can get it.
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
   * What its owner decided about who follows it, and may change. The destination is canonical,
   * hence safe in a header; the status is 301, 302, 307 or 308, or 404 where there is none. Whether
   * it forwards the query: what the visitor's URL had behind the question mark goes to the
   * destination, too.
   */
  public record Rules(
      String destination,
      int status,
      State state,
      Tracking tracking,
      Optional<Instant> startsAt,
      Optional<Instant> expiresAt,
      boolean forwardsQuery) {

    /** Of what leads nowhere: who comes is counted, and told that there is nothing. */
    public static final Rules NOWHERE = to("").with(404);

    private Rules with(int other) {
      return new Rules(destination, other, state, tracking, startsAt, expiresAt, forwardsQuery);
    }

    /** What a link has when nothing but its destination is said. */
    public static Rules to(String destination) {
      return new Rules(
          destination, 302, State.ACTIVE, Tracking.FULL, Optional.empty(), Optional.empty(), false);
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

    public Rules in(State other) {
      return new Rules(destination, status, other, tracking, startsAt, expiresAt, forwardsQuery);
    }
  }

  /**
   * What its owner keeps with it, and nobody needs who follows it: a title, tags, the name that
   * another system has for it, and after how many people it is exhausted.
   */
  public record Notes(
      Optional<String> title,
      List<String> tags,
      Optional<String> externalId,
      Optional<Long> clickLimit) {
    /** Nothing. */
    public static final Notes NONE =
        new Notes(Optional.empty(), List.of(), Optional.empty(), Optional.empty());

    public Notes {
      tags = List.copyOf(tags);
    }
  }

  /** Whether it is in use. */
  public enum State {
    ACTIVE,
    DISABLED,
    /** As many people have followed it as it is for. */
    EXHAUSTED,
    DELETED
  }

  /** What is kept of its clicks. */
  public enum Tracking {
    FULL,
    COUNTS,
    OFF
  }

  /** What somebody who follows it gets (A1). */
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

  /** The same for whoever only serves it. */
  public Link withoutNotes() {
    return new Link(id, code, owner, rules, Notes.NONE, version, createdAt, updatedAt);
  }

  public boolean isDeleted() {
    return rules.state == State.DELETED;
  }

  /** Where it leads now. */
  public LinkClick.Target target() {
    return new LinkClick.Target(rules.status, rules.host());
  }

  /** What is to be done with a click of now. */
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

  /** Under whom its clicks are counted: those without a name are in no sum of their owner's. */
  public OwnerId countedFor() {
    return Code.isNameless(code) ? owner.aside() : owner;
  }
}
