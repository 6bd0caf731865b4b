package clicktide.http;

import clicktide.event.OwnerId;
import clicktide.net.Network;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The limits of API calls per minute in an installation (E10). All keys of an owner share one
 * limit. The administrator has none. Calls without a key are limited by network, by link, and in
 * all, so that no network takes the calls of the others. For any thread.
 */
public final class RateLimits {
  private static final int MAX_OWNERS = 100_000;
  private static final int MAX_ENTRIES = 10_000; // networks or links
  private static final int NETWORKS_PER_LINK = 5; // that may use their whole limit for one link
  private static final int NETWORKS = 20; // that may use their whole limit
  private static final int UNSHARED = 100; // part of a limit that a process counts for itself
  private static final String ALL = "";
  private static final String EXCEEDED =
      "Rate limit exceeded: %d calls per minute. Retry after %d seconds.";

  private final int limit;
  private final int limitPerLink;
  private final int limitOfStrangers;
  private final SharedWindow<OwnerId> calls;
  private final SharedWindow<Optional<Network>> networks;
  private final SharedWindow<String> links;
  private final SharedWindow<String> strangers;

  /** Allows an owner or a network {@code limit} calls per minute; 0 disables all limits. */
  public RateLimits(int limit, SharedWindows windows) {
    this.limit = limit;
    this.limitPerLink = times(NETWORKS_PER_LINK, limit);
    this.limitOfStrangers = times(NETWORKS, limit);
    this.calls = windows.of("calls", limit, MAX_OWNERS, 1, OwnerId::toString);
    // strangers choose networks and links, so a rare one is not sent to the store
    this.networks =
        windows.of("networks", limit, MAX_ENTRIES, rare(limit), RateLimits::networkText);
    this.links = windows.of("links", limitPerLink, MAX_ENTRIES, rare(limitPerLink), code -> code);
    this.strangers = windows.of("strangers", limitOfStrangers, 1, 1, all -> all);
  }

  private static int rare(int limit) {
    return Math.max(1, limit / UNSHARED);
  }

  private static String networkText(Optional<Network> network) {
    return network.map(Network::text).orElse("");
  }

  private static int times(int count, int limit) {
    return (int) Math.min(Integer.MAX_VALUE, (long) count * limit);
  }

  /** The state of a caller's limit. */
  record Quota(int limit, FixedWindow.Remaining remaining) {
    /** As draft-ietf-httpapi-ratelimit-headers-10 writes it. */
    Map<String, String> headers() {
      var headers = new HashMap<String, String>();
      var seconds = remaining.seconds();
      headers.put(
          "RateLimit-Policy",
          "\"calls\";q=%d;w=%d".formatted(limit, SharedWindows.WINDOW.toSeconds()));
      headers.put(
          "RateLimit", "\"calls\";r=%d;t=%d".formatted(Math.max(0, remaining.uses()), seconds));
      return headers;
    }

    /** The problem of a call beyond the limit. */
    Optional<Problem> problem() {
      return Optional.of(remaining)
          .filter(FixedWindow.Remaining::isExceeded)
          .map(FixedWindow.Remaining::seconds)
          .map(seconds -> Problem.tooMany(EXCEEDED.formatted(limit, seconds), seconds));
    }
  }

  /** Counts one call; empty for callers without a limit. */
  Optional<Quota> use(Caller caller) {
    return limit > 0 && caller instanceof Caller.Owner owner
        ? Optional.of(new Quota(limit, calls.use(owner.id())))
        : Optional.empty();
  }

  /**
   * Counts one call without a key. A call beyond the limit of its network does not count for the
   * link, and a call beyond that of the link does not count for all.
   */
  Optional<Quota> use(Optional<Network> network, String link) {
    if (limit == 0) {
      return Optional.empty();
    }
    var own = new Quota(limit, networks.use(network));
    if (own.remaining().isExceeded()) {
      return Optional.of(own);
    }
    var ofLink = new Quota(limitPerLink, links.use(link));
    if (ofLink.remaining().isExceeded()) {
      return Optional.of(ofLink);
    }
    var ofAll = new Quota(limitOfStrangers, strangers.use(ALL));
    return Optional.of(ofAll.remaining().isExceeded() ? ofAll : own);
  }
}
