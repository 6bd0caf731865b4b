package clicktide.http;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.event.OwnerId;
import clicktide.net.Network;
import clicktide.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("E10: calls of an owner per minute")
class RateLimitsTest {
  private final ManualTime time = new ManualTime(Instant.parse("2026-05-03T12:00:10Z"));
  private final RateLimits limits = new RateLimits(2, new SharedWindows(Optional.empty(), time));
  private final Caller one = new Caller.Owner(new OwnerId(1), "one", Set.of());
  private final Caller another = new Caller.Owner(new OwnerId(1), "another", Set.of());
  private final Caller other = new Caller.Owner(new OwnerId(2), "other", Set.of());

  private RateLimits.Quota use(Caller caller) {
    return limits.use(caller).orElseThrow();
  }

  @Test
  @DisplayName("are counted down for all keys of the owner, until its minute is over")
  void areCountedDown() {
    assertThat(use(one).headers())
        .isEqualTo(
            Map.of("RateLimit-Policy", "\"calls\";q=2;w=60", "RateLimit", "\"calls\";r=1;t=60"));
    time.advance(Duration.ofSeconds(50));
    assertThat(use(another).headers()).containsEntry("RateLimit", "\"calls\";r=0;t=10");
    assertThat(use(other).headers()).containsEntry("RateLimit", "\"calls\";r=1;t=60");
    assertThat(use(other).problem()).isEmpty();

    time.advance(Duration.ofSeconds(10));
    assertThat(use(one).headers()).containsEntry("RateLimit", "\"calls\";r=1;t=60");
  }

  @Test
  @DisplayName("beyond the limit are a problem of 429 that says when to retry")
  void beyondTheLimitAreAProblem() {
    use(one);
    use(one);
    time.advance(Duration.ofMillis(47_500));

    assertThat(use(one).headers()).containsEntry("RateLimit", "\"calls\";r=0;t=13");
    assertThat(use(one).problem())
        .hasValueSatisfying(
            problem -> {
              assertThat(problem.status()).isEqualTo(429);
              assertThat(problem.retrySeconds()).isEqualTo(13);
              assertThat(problem.detail())
                  .isEqualTo("Rate limit exceeded: 2 calls per minute. Retry after 13 seconds.");
            });
  }

  private boolean isRefused(String address, String link) {
    return limits
        .use(Network.ofClient(address), link)
        .flatMap(RateLimits.Quota::problem)
        .isPresent();
  }

  @Test
  @DisplayName("without a key are limited by network: a network does not take those of the others")
  void areLimitedByNetwork() {
    assertThat(isRefused("198.51.100.1", "a")).isFalse();
    assertThat(isRefused("198.51.100.2", "b")).isFalse();
    for (var i = 0; i < 100; i++) {
      assertThat(isRefused("198.51.100." + i, "a")).isTrue();
    }
    assertThat(isRefused("2001:db8::1", "a")).isFalse();
    assertThat(isRefused("2001:db8::2", "a")).isFalse();
    assertThat(isRefused("2001:db8::3", "a")).isTrue();

    assertThat(isRefused("203.0.113.1", "a")).isFalse();
    time.advance(Duration.ofMinutes(1));
    assertThat(isRefused("198.51.100.1", "a")).isFalse();
  }

  @Test
  @DisplayName("without a key are limited by link, and in all")
  void areLimitedByLinkAndInAll() {
    for (var network = 0; network < 5; network++) {
      for (var i = 0; i < 2; i++) {
        assertThat(isRefused("10.0.%d.1".formatted(network), "a")).isFalse();
      }
    }
    for (var network = 5; network < 20; network++) {
      assertThat(isRefused("10.0.%d.1".formatted(network), "a")).isTrue();
    }
    for (var network = 20; network < 50; network++) {
      assertThat(isRefused("10.0.%d.1".formatted(network), "b" + network)).isFalse();
    }
    assertThat(isRefused("10.0.60.1", "c")).isTrue();
    assertThat(limits.use(Network.ofClient("10.0.61.1"), "c").orElseThrow().limit()).isEqualTo(40);
    assertThat(use(one).problem()).isEmpty();
  }

  @Test
  @DisplayName("of the administrator, or with the limit 0, are not counted")
  void areNotCounted() {
    assertThat(limits.use(new Caller.Administrator())).isEmpty();
    assertThat(new RateLimits(0, new SharedWindows(Optional.empty(), time)).use(one)).isEmpty();
  }
}
