package clicktide.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.event.OwnerId;
import clicktide.http.Caller;
import clicktide.http.Problem;
import clicktide.http.SharedWindows;
import clicktide.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("E12: events of an owner per minute")
class EventLimitTest {
  private final ManualTime time = new ManualTime(Instant.parse("2026-05-03T12:00:10Z"));
  private final EventLimit limit = new EventLimit(1_500, new SharedWindows(Optional.empty(), time));
  private final Caller one = new Caller.Owner(new OwnerId(1), "one", Set.of());
  private final Caller another = new Caller.Owner(new OwnerId(1), "another", Set.of());
  private final Caller other = new Caller.Owner(new OwnerId(2), "other", Set.of());

  @Test
  @DisplayName("beyond the limit are refused as a whole batch, for all keys of the owner")
  void areRefusedAsAWholeBatch() {
    limit.use(one, 1_000);
    time.advance(Duration.ofSeconds(20));

    assertThatThrownBy(() -> limit.use(another, 501))
        .isInstanceOfSatisfying(
            Problem.Raised.class,
            raised -> {
              assertThat(raised.problem().status()).isEqualTo(429);
              assertThat(raised.problem().retrySeconds()).isEqualTo(40);
              assertThat(raised.problem().detail())
                  .isEqualTo(
                      "Rate limit exceeded: 1500 events per minute. Retry after 40 seconds.");
            });
    limit.use(other, 1_000);
    limit.use(another, 500); // a refused batch counts nothing
    assertThatThrownBy(() -> limit.use(one, 1)).isInstanceOf(Problem.Raised.class);

    time.advance(Duration.ofSeconds(40));
    limit.use(one, 1_000);
  }

  @Test
  @DisplayName("of the administrator, or with the limit 0, are not counted")
  void areNotCounted() {
    limit.use(new Caller.Administrator(), 2_000);
    new EventLimit(0, new SharedWindows(Optional.empty(), time)).use(one, 2_000);
  }
}
