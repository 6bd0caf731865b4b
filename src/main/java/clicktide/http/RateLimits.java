package clicktide.http;

import clicktide.event.OwnerId;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many calls an owner's keys have made in the running minute, in this process (E10). The
 * administrator is not limited. For any thread.
 */
public final class RateLimits {
  private static final long WINDOW_SECONDS = 60;

  private final int most;
  private final InstantSource clock;
  private final Cache<Window, AtomicInteger> calls =
      Caffeine.newBuilder()
          .maximumSize(100_000)
          .expireAfterWrite(Duration.ofSeconds(2 * WINDOW_SECONDS))
          .build();

  /** {@code most} calls a minute; 0: any number. */
  public RateLimits(int most, InstantSource clock) {
    this.most = most;
    this.clock = clock;
  }

  private record Window(OwnerId owner, long number) {}

  /** What is left for a caller, and in how many seconds it is as much as ever again. */
  record Left(int most, int calls, long seconds) {
    boolean isExceeded() {
      return calls < 0;
    }

    /** As draft-ietf-httpapi-ratelimit-headers-10 has them. */
    String policy() {
      return "\"calls\";q=%d;w=%d".formatted(most, WINDOW_SECONDS);
    }

    String limit() {
      return "\"calls\";r=%d;t=%d".formatted(Math.max(0, calls), seconds);
    }
  }

  /** Takes one call; empty for callers without a limit. */
  Optional<Left> take(Caller caller) {
    if (most == 0 || !(caller instanceof Caller.Owner owner)) {
      return Optional.empty();
    }
    var now = clock.instant().getEpochSecond();
    var window = new Window(owner.id(), now / WINDOW_SECONDS);
    var made = calls.get(window, _ -> new AtomicInteger()).incrementAndGet();
    return Optional.of(new Left(most, most - made, WINDOW_SECONDS - now % WINDOW_SECONDS));
  }
}
