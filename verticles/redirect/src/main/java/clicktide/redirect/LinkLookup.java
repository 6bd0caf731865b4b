package clicktide.redirect;

import clicktide.link.Link;
import clicktide.net.Network;
import clicktide.replica.LinkMap;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Codes that are not in the map. The store is asked once for each, by a bounded number at a time;
 * misses are remembered for a second and counted by network, so that guessing codes does not pay.
 */
public final class LinkLookup {
  private static final int MOST_AT_A_TIME = 64;
  private static final int MOST_A_NETWORK = 60; // in ten seconds

  private final LinkMap links;
  private final Map<String, Future<Optional<Link>>> asking = new ConcurrentHashMap<>();
  private final Cache<String, Boolean> missing =
      Caffeine.newBuilder().maximumSize(50_000).expireAfterWrite(Duration.ofSeconds(1)).build();
  private final Cache<String, AtomicInteger> networks =
      Caffeine.newBuilder().maximumSize(50_000).expireAfterWrite(Duration.ofSeconds(10)).build();

  public LinkLookup(LinkMap links) {
    this.links = links;
  }

  /** What came of looking. */
  sealed interface Outcome {
    record Found(Link link) implements Outcome {}

    record Missing() implements Outcome {}

    /** This network asked for too many codes that do not exist. */
    record Limited() implements Outcome {}

    /** The store cannot say: it is away, or too many ask. */
    record Away() implements Outcome {}
  }

  Future<Outcome> find(String code, String address) {
    if (count(address).get() >= MOST_A_NETWORK) {
      return Future.succeededFuture(new Outcome.Limited());
    }
    if (missing.getIfPresent(code) != null) {
      return Future.succeededFuture(missed(code, address));
    }
    return ask(code)
        .map(link -> link.<Outcome>map(Outcome.Found::new).orElseGet(() -> missed(code, address)))
        .otherwise(_ -> new Outcome.Away());
  }

  /** Those who ask for the same code at the same time share one question. */
  private Future<Optional<Link>> ask(String code) {
    var asked = asking.get(code);
    if (asked != null) {
      return asked;
    }
    if (asking.size() >= MOST_AT_A_TIME) {
      return Future.failedFuture("too many questions at a time");
    }
    var answer = links.find(code);
    asking.put(code, answer);
    return answer.onComplete(_ -> asking.remove(code));
  }

  private Outcome missed(String code, String address) {
    missing.put(code, true);
    count(address).incrementAndGet();
    return new Outcome.Missing();
  }

  private AtomicInteger count(String address) {
    return networks.get(network(address), _ -> new AtomicInteger());
  }

  /** An IPv4 /24 or an IPv6 /64. */
  private static String network(String address) {
    return literal(address)
        .map(
            found ->
                Arrays.toString(
                    Arrays.copyOf(found.getAddress(), found instanceof Inet6Address ? 8 : 3)))
        .orElse("");
  }

  private static Optional<InetAddress> literal(String address) {
    return Network.parse(address).map(Network::address);
  }
}
