package clicktide.store;

import clicktide.event.OwnerId;

/** Whose events a question is about. */
public sealed interface Whose {
  /** Of one link of an owner. */
  record Link(long id, OwnerId owner) implements Whose {}

  /** Of all links of an owner. */
  record Owner(OwnerId owner) implements Whose {}

  OwnerId owner();
}
