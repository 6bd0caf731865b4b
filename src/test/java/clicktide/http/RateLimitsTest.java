package clicktide.http;

import static org.assertj.core.api.Assertions.assertThat;

import clicktide.event.OwnerId;
import clicktide.http.RateLimits.Left;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("E10: calls of a key in a minute")
class RateLimitsTest {
  private Instant now = Instant.parse("2026-05-03T12:00:10Z");
  private final RateLimits limits = new RateLimits(2, () -> now);
  private final Caller one = new Caller.Owner(new OwnerId(1), "one", Set.of());
  private final Caller another = new Caller.Owner(new OwnerId(1), "another", Set.of());
  private final Caller other = new Caller.Owner(new OwnerId(2), "other", Set.of());

  @Test
  @DisplayName("are counted down for each owner, and begin anew with the next minute")
  void areCountedDown() {
    assertThat(limits.take(one)).contains(new Left(2, 1, 50));
    assertThat(limits.take(one)).contains(new Left(2, 0, 50));
    assertThat(limits.take(one)).hasValueSatisfying(left -> assertThat(left.isExceeded()).isTrue());
    assertThat(limits.take(another))
        .hasValueSatisfying(left -> assertThat(left.isExceeded()).isTrue()); // of the same owner
    assertThat(limits.take(other)).contains(new Left(2, 1, 50));
    now = now.plusSeconds(50);
    assertThat(limits.take(one)).contains(new Left(2, 1, 60));
    assertThat(new Left(2, -1, 7).limit()).isEqualTo("\"calls\";r=0;t=7");
  }

  @Test
  @DisplayName("of the administrator, or without a limit, are not counted")
  void areNotCounted() {
    assertThat(limits.take(new Caller.Administrator())).isEmpty();
    assertThat(new RateLimits(0, () -> now).take(one)).isEmpty();
  }
}
