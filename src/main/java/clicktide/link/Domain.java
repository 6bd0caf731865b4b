package clicktide.link;

import clicktide.event.OwnerId;
import clicktide.link.Link.Rules;
import clicktide.link.Link.State;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A host name that serves the short links of one owner. It has one page for its root path and one
 * for the names without a link. A page is stored as a link with a code of its own (decision 0013).
 * A deleted domain stays with its owner.
 */
public record Domain(Link front, Link unknown) {
  private static final String UNKNOWN = "*";

  /** Finds the two pages of a domain among links; empty unless both are there. */
  public static Optional<Domain> of(String name, List<Link> links) {
    return page(links, frontCode(name))
        .flatMap(
            front -> page(links, unknownCode(name)).map(unknown -> new Domain(front, unknown)));
  }

  private static Optional<Link> page(List<Link> links, String code) {
    return links.stream().filter(link -> link.code().equals(code)).findFirst();
  }

  /** Returns the code of the page for the root path. */
  public static String frontCode(String name) {
    return Code.on("", name);
  }

  /** Returns the code of the page for names without a link. */
  public static String unknownCode(String name) {
    return Code.on(UNKNOWN, name);
  }

  /** Returns true for the code of a page. */
  static boolean isPage(String code) {
    return code.startsWith("@") || isUnknownPage(code);
  }

  private static boolean isUnknownPage(String code) {
    return code.startsWith(UNKNOWN + "@");
  }

  /** Returns the name of the domain if the code is that of its page for unknown names. */
  public static Optional<String> nameOf(String code) {
    return isUnknownPage(code) ? Code.domain(code) : Optional.empty();
  }

  public String name() {
    return Code.domain(unknown.code()).orElseThrow();
  }

  public OwnerId owner() {
    return unknown.owner();
  }

  public Instant createdAt() {
    return unknown.createdAt();
  }

  public boolean isDeleted() {
    return unknown.isDeleted();
  }

  /** Returns a draft of this domain with other rules for its pages. */
  public DomainDraft with(Rules otherFront, Rules otherUnknown) {
    return new DomainDraft(owner(), name(), otherFront, otherUnknown);
  }

  /** Returns a draft that deletes this domain. */
  public DomainDraft deleted() {
    return with(front.rules().withState(State.DELETED), unknown.rules().withState(State.DELETED));
  }
}
