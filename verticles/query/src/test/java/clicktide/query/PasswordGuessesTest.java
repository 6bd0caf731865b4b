package clicktide.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import clicktide.http.Problem;
import clicktide.http.SharedWindows;
import clicktide.net.Network;
import clicktide.query.PasswordGuesses.Guesser;
import clicktide.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("E10: wrong passwords for the public statistics of a link")
class PasswordGuessesTest {
  private static final long LINK = 1;

  private final ManualTime time = new ManualTime(Instant.parse("2026-05-03T12:00:10Z"));
  private final PasswordGuesses guesses =
      new PasswordGuesses(new SharedWindows(Optional.empty(), time));

  private void guess(long link, String address, int times) {
    for (var i = 0; i < times; i++) {
      guesses.use(Guesser.of(link, Network.ofClient(address)));
    }
  }

  private void assertRefused(String address) {
    assertThatThrownBy(() -> guess(LINK, address, 1))
        .isInstanceOfSatisfying(
            Problem.Raised.class,
            raised -> {
              assertThat(raised.problem().status()).isEqualTo(429);
              assertThat(raised.problem().retrySeconds()).isPositive();
            });
  }

  @Test
  @DisplayName("are limited by network and link, and lock out no other network")
  void areLimitedByNetwork() {
    guess(LINK, "198.51.100.1", 10);
    assertRefused("198.51.100.2");
    guess(2, "198.51.100.1", 10);
    guess(LINK, "203.0.113.1", 10);

    time.advance(Duration.ofMinutes(1));
    guess(LINK, "198.51.100.1", 10);
  }

  @Test
  @DisplayName("are limited by IPv6 site, which has many networks")
  void areLimitedBySite() {
    guess(LINK, "2001:db8:1:1::1", 5);
    guess(LINK, "2001:db8:1:2::1", 5);
    assertRefused("2001:db8:1:3::1");
    guess(LINK, "2001:db8:2::1", 10);
  }

  @Test
  @DisplayName(
      "are limited for all networks together, where refused ones of a network do not count")
  void areLimitedInAll() {
    for (var network = 0; network < 10; network++) {
      var address = "10.0.%d.1".formatted(network);
      guess(LINK, address, 10);
      assertRefused(address);
    }
    assertRefused("10.0.10.1");
    assertThatCode(() -> guess(2, "10.0.10.1", 1)).doesNotThrowAnyException();
  }

  @Test
  @DisplayName("do not count if they are right")
  void rightOnesDoNotCount() {
    var guesser = Guesser.of(LINK, Network.ofClient("198.51.100.1"));
    for (var i = 0; i < 200; i++) {
      guesses.use(guesser);
      guesses.giveBack(guesser);
    }
    guess(LINK, "198.51.100.1", 10);
  }
}
