package clicktide.redirect;

import clicktide.http.FixedWindow;
import clicktide.link.Link;
import clicktide.net.Network;
import clicktide.redirect.Resolution.Match;
import clicktide.redirect.Resolution.NoLink;
import clicktide.time.TimeSource;
import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Lookup of codes that the replica does not hold. Concurrent requests for one code share one
 * question to the store, and at most 64 questions are under way. The answer waits for at most 2 s.
 * A code that does not exist is remembered for 1 s. A network that asks for 60 of them within 10 s
 * is limited, and so is an IPv6 /48 that asks for 600, so that guessing codes does not pay. For any
 * event loop.
 */
public final class LinkLookup {
  private static final int MAX_CONCURRENT = 64;
  private static final int MAX_MISSES = 60; // of one network within WINDOW
  private static final int MAX_SITE_MISSES = 600; // of one IPv6 /48
  private static final int MAX_ENTRIES = 50_000;
  private static final Duration WINDOW = Duration.ofSeconds(10);
  private static final Duration ABSENT = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(2); // with a store that hangs

  private final Function<String, Future<Optional<Link>>> store;
  private final AtomicInteger concurrent = new AtomicInteger();
  private final AsyncCache<String, Resolution> lookups;
  private final FixedWindow<Optional<Network>> misses;
  private final FixedWindow<Network> siteMisses;

  /** {@code store} finds a link by its code, and fails if that cannot be said. */
  public LinkLookup(Function<String, Future<Optional<Link>>> store, TimeSource time) {
    this.store = store;
    lookups =
        Caffeine.newBuilder()
            .maximumSize(MAX_ENTRIES)
            .ticker(time::nanos)
            .expireAfter(Expiry.<String, Resolution>creating((_, outcome) -> lifetime(outcome)))
            .buildAsync();
    misses = new FixedWindow<>(MAX_MISSES, WINDOW, MAX_ENTRIES, time);
    siteMisses = new FixedWindow<>(MAX_SITE_MISSES, WINDOW, MAX_ENTRIES, time);
  }

  /** Only absence is remembered: a link that was found is in the replica. */
  private static Duration lifetime(Resolution outcome) {
    return outcome == NoLink.NOT_FOUND ? ABSENT : Duration.ZERO;
  }

  /** Resolves a code for a client address; call it on an event loop, which also gets the result. */
  Future<Resolution> find(String code, String address) {
    var network = Network.ofClient(address);
    var site = network.map(Network::site).filter(found -> !network.equals(Optional.of(found)));
    if (misses.isExhausted(network) || site.filter(siteMisses::isExhausted).isPresent()) {
      return Future.succeededFuture(NoLink.LIMITED);
    }
    var caller = Vertx.currentContext(); // a journal has one writer, but event loops share lookups
    return Future.fromCompletionStage(lookups.get(code, (absent, _) -> ask(absent)), caller)
        .onSuccess(
            outcome -> {
              if (outcome == NoLink.NOT_FOUND) {
                misses.use(network);
                site.ifPresent(siteMisses::use);
              }
            });
  }

  /** Never fails: Caffeine would log each failure with its stack trace. */
  private CompletableFuture<Resolution> ask(String code) {
    if (concurrent.incrementAndGet() > MAX_CONCURRENT) {
      concurrent.decrementAndGet();
      return CompletableFuture.completedFuture(NoLink.STORE_UNAVAILABLE);
    }
    return store
        .apply(code)
        .onComplete(_ -> concurrent.decrementAndGet())
        .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .map(LinkLookup::outcome)
        .otherwise(NoLink.STORE_UNAVAILABLE)
        .toCompletionStage()
        .toCompletableFuture();
  }

  private static Resolution outcome(Optional<Link> link) {
    return link.<Resolution>map(Match::of).orElse(NoLink.NOT_FOUND);
  }
}
