package clicktide.ingest;

import clicktide.event.OwnerId;
import clicktide.http.Caller;
import clicktide.http.Problem;
import clicktide.http.SharedWindow;
import clicktide.http.SharedWindows;

/**
 * The limit of accepted events per owner and minute in an installation, for all keys of the owner
 * (E12). The administrator has none. For any thread.
 */
public final class EventLimit {
  private static final int MAX_OWNERS = 100_000;
  private static final String EXCEEDED =
      "Rate limit exceeded: %d events per minute. Retry after %d seconds.";

  private final int limit;
  private final SharedWindow<OwnerId> events;

  /** Allows {@code limit} events per minute; 0 disables the limit. */
  public EventLimit(int limit, SharedWindows windows) {
    this.limit = limit;
    this.events = windows.of("events", limit, MAX_OWNERS, 1, OwnerId::toString);
  }

  /** Counts the events of a batch, or counts none and raises a problem of 429. */
  void use(Caller caller, int batch) {
    if (limit > 0 && caller instanceof Caller.Owner owner) {
      var remaining = events.use(owner.id(), batch);
      if (remaining.isExceeded()) {
        var seconds = remaining.seconds();
        throw Problem.tooMany(EXCEEDED.formatted(limit, seconds), seconds).raised();
      }
    }
  }
}
