package clicktide.enrich;

import clicktide.event.Sha256;
import clicktide.net.Network;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's own rules for bots, from a file that may be replaced at any time. They come before
 * all other rules, and the first matching line decides.
 *
 * <p>A line starts with a class of {@link BotClass}, where {@code none} means human, and a space.
 * Then follows a network in CIDR notation, or a regular expression that is searched for in the user
 * agent without regard to case. Empty lines and lines that begin with {@code #} are ignored. An
 * expression that takes too many steps on a user agent does not match it.
 */
public final class BotPatterns {
  private static final Logger log = LoggerFactory.getLogger(BotPatterns.class);

  /** No rules. */
  public static final BotPatterns NONE = new BotPatterns(Optional.empty());

  private static final int MAX_USER_AGENT = 512; // characters
  private static final Pattern LIKE_NETWORK = Pattern.compile("[0-9A-Fa-f.:]+/\\d+\\b.*");

  private final Optional<OperatorFile<Lines>> file;

  private BotPatterns(Optional<OperatorFile<Lines>> file) {
    this.file = file;
  }

  /** Reads a file. {@link IllegalArgumentException} names the first wrong line. */
  public static BotPatterns read(Path file, InstantSource clock) throws IOException {
    return new BotPatterns(Optional.of(new OperatorFile<>(file, Lines::read, clock)));
  }

  /** One rule: the class of a user agent or of a network. */
  private record Line(int number, BotClass bot, Optional<Network> network, Pattern pattern) {
    private static final Pattern NEVER = Pattern.compile("(?!)");

    private static Line of(int number, String text) {
      var words = text.split("\\s+", 2);
      var bot = Arrays.stream(BotClass.values()).filter(one -> named(one, words[0])).findFirst();
      try {
        if (bot.isPresent() && words.length == 2) {
          return LIKE_NETWORK.matcher(words[1]).matches()
              ? Network.parse(words[1])
                  .map(network -> new Line(number, bot.get(), Optional.of(network), NEVER))
                  .orElseThrow(IllegalArgumentException::new)
              : new Line(number, bot.get(), Optional.empty(), pattern(words[1]));
        }
      } catch (IllegalArgumentException _) {
        // a wrong expression or network is the same mistake as a wrong class
      }
      throw new IllegalArgumentException(
          "line %d must be a class of bot and a regular expression or a network: %s"
              .formatted(number, text));
    }

    private static Pattern pattern(String text) {
      return Pattern.compile(text, Pattern.CASE_INSENSITIVE);
    }

    private static boolean named(BotClass bot, String word) {
      return bot.name().equalsIgnoreCase(word);
    }
  }

  /**
   * The rules of one version of the file. Results for user agents are cached. The many possible
   * networks are looked up by their address, once for each of their few prefix lengths.
   */
  private record Lines(
      String version,
      LoadingCache<String, Optional<Line>> ofAgents,
      Map<Network, Line> ofNetworks,
      List<Integer> lengths) {
    private static Lines read(Path file) throws IOException {
      var bytes = Files.readAllBytes(file);
      var lines = new ArrayList<Line>();
      var number = 0;
      for (var text :
          new String(bytes, StandardCharsets.UTF_8).lines().map(String::strip).toList()) {
        number++;
        if (!text.isEmpty() && !text.startsWith("#")) {
          lines.add(Line.of(number, text));
        }
      }
      var networks = new HashMap<Network, Line>();
      for (var line : lines) {
        line.network.ifPresent(network -> networks.putIfAbsent(network.normalized(), line));
      }
      Set<Integer> slow = ConcurrentHashMap.newKeySet();
      return new Lines(
          fingerprint(bytes),
          Caffeine.newBuilder()
              .maximumSize(50_000)
              .executor(Runnable::run)
              .build(userAgent -> first(lines, slow, userAgent)),
          networks,
          networks.keySet().stream().map(Network::bits).distinct().toList());
    }

    private static Optional<Line> first(List<Line> lines, Set<Integer> slow, String userAgent) {
      return lines.stream().filter(line -> finds(line, slow, userAgent)).findFirst();
    }

    private static boolean finds(Line line, Set<Integer> slow, String userAgent) {
      try {
        return StepLimit.finds(line.pattern, userAgent);
      } catch (StepLimit.Exceeded _) {
        if (slow.add(line.number)) { // once, because visitors choose the user agent
          log.warn("Line {} of the bot patterns is too slow for a user agent", line.number);
        }
        return false;
      }
    }

    /** Returns the first line that matches the user agent or the address. */
    private Optional<Line> first(String userAgent, Optional<InetAddress> address) {
      var first = ofAgents.get(userAgent);
      for (var length : address.isPresent() ? lengths : List.<Integer>of()) {
        var found = Network.around(address.get(), length).map(ofNetworks::get);
        if (found.isPresent() && first.map(line -> line.number > found.get().number).orElse(true)) {
          first = found;
        }
      }
      return first;
    }

    private static String fingerprint(byte[] bytes) {
      return HexFormat.of().formatHex(Sha256.of(bytes), 0, 4);
    }
  }

  /** Returns the class of a request, empty if no line matches. */
  Optional<BotClass> of(String userAgent, Optional<InetAddress> address) {
    var text =
        userAgent.length() <= MAX_USER_AGENT ? userAgent : userAgent.substring(0, MAX_USER_AGENT);
    return file.flatMap(found -> found.current().first(text, address)).map(Line::bot);
  }

  /** Returns a fingerprint of the file. */
  String version() {
    return file.map(found -> found.current().version).orElse("none");
  }
}
