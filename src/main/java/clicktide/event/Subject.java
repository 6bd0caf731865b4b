package clicktide.event;

/** The subject of an event as its sender knew it, so later changes never move old events. */
public sealed interface Subject {
  OwnerId owner();

  /**
   * A short link: its number in the store, its owner at that time, and the version that answered.
   */
  record Link(long id, OwnerId owner, int version) implements Subject {}
}
