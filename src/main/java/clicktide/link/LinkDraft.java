package clicktide.link;

import clicktide.event.OwnerId;
import java.util.Optional;

/** A link to create. Without a code the store makes a random one. */
public record LinkDraft(OwnerId owner, Optional<String> code, Link.Rules rules, Link.Notes notes) {
  /** Returns the same draft with a code. */
  public LinkDraft named(String other) {
    return new LinkDraft(owner, Optional.of(other), rules, notes);
  }
}
