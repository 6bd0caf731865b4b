package clicktide.event;

/** What an event is about, as its sender knew it, so that later changes never move old events. */
public sealed interface Subject {
  OwnerId owner();

  /** A short link: its number in the store, its owner then, and the version that answered. */
  record Link(long id, OwnerId owner, int version) implements Subject {}
}
