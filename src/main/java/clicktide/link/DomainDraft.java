package clicktide.link;

import clicktide.event.OwnerId;
import clicktide.link.Link.Notes;
import clicktide.link.Link.Rules;
import java.util.List;
import java.util.Optional;

/** A domain to store. The name is canonical, as {@link DomainName} defines it. */
public record DomainDraft(OwnerId owner, String name, Rules front, Rules unknown) {
  /** Returns the links of both pages. */
  public List<LinkDraft> pages() {
    return List.of(page(Domain.frontCode(name), front), page(Domain.unknownCode(name), unknown));
  }

  private LinkDraft page(String code, Rules rules) {
    return new LinkDraft(owner, Optional.of(code), rules, Notes.NONE);
  }
}
