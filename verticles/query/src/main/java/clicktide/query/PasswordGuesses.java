package clicktide.query;

import clicktide.http.FixedWindow;
import clicktide.http.Problem;
import clicktide.http.SharedWindow;
import clicktide.http.SharedWindows;
import clicktide.net.Network;
import java.util.Optional;

/**
 * The limits of wrong passwords for a link per minute (E10): of one network, so that no other one
 * is locked out, and of all networks, so that guesses from many networks stay slow. For any thread.
 */
final class PasswordGuesses {
  private static final int MAX_GUESSES = 10; // of one network
  private static final int MAX_GUESSES_OF_LINK = 100;
  private static final int MAX_ENTRIES = 10_000;

  private final SharedWindow<Guesser> guesses;
  private final SharedWindow<Long> links;

  PasswordGuesses(SharedWindows windows) {
    guesses = windows.of("guesses", MAX_GUESSES, MAX_ENTRIES, 1, Guesser::text);
    links = windows.of("guessed", MAX_GUESSES_OF_LINK, MAX_ENTRIES, 1, String::valueOf);
  }

  /** A network that guesses the password of a link. An IPv6 site is one network. */
  record Guesser(long link, Optional<Network> network) {
    static Guesser of(long link, Optional<Network> network) {
      return new Guesser(link, network.map(Network::site));
    }

    private String text() {
      return link + ":" + network.map(Network::text).orElse("");
    }
  }

  /**
   * Counts a guess before it is checked, so that concurrent guesses count. Raises a problem of 429
   * beyond a limit. A guess beyond the limit of its network does not count for the link.
   */
  void use(Guesser guesser) {
    require(guesses.use(guesser));
    require(links.use(guesser.link()));
  }

  private static void require(FixedWindow.Remaining remaining) {
    if (remaining.isExceeded()) {
      var seconds = remaining.seconds();
      throw Problem.tooMany(
              "Too many wrong passwords for this link. Retry after %d seconds.".formatted(seconds),
              seconds)
          .raised();
    }
  }

  /** Takes a guess back that was right. */
  void giveBack(Guesser guesser) {
    guesses.giveBack(guesser);
    links.giveBack(guesser.link());
  }
}
