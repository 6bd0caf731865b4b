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
import java.util.regex.Pattern;

/**
 * An operator's own rules about machines, which go before all others and may be replaced at any
 * time. A line is a class of {@link BotClass} (or {@code none}: people), a blank, and a network in
 * CIDR notation with its prefix length, or else a regular expression that is looked for in the user
 * agent without regard to case; the first line that matches decides. Empty lines and those that
 * begin with {@code #} say nothing.
 */
public final class BotPatterns {
  /** No rules. */
  public static final BotPatterns NONE = new BotPatterns(Optional.empty());

  private static final int LONGEST = 512; // of a user agent
  private static final Pattern LIKE_NETWORK = Pattern.compile("[0-9A-Fa-f.:]+/\\d+\\b.*");

  private final Optional<OperatorFile<Lines>> file;

  private BotPatterns(Optional<OperatorFile<Lines>> file) {
    this.file = file;
  }

  /** {@link IllegalArgumentException} names the line that is none. */
  public static BotPatterns read(Path file, InstantSource clock) throws IOException {
    return new BotPatterns(Optional.of(new OperatorFile<>(file, Lines::read, clock)));
  }

  /** What a line says of a user agent, or of a network. */
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
        // no regular expression, no network: the same mistake as no class
      }
      throw new IllegalArgumentException(
          "line %d is not a class of machine and a regular expression or a network: %s"
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
   * A file as it was once. What it said of a user agent is remembered; networks, which may be many,
   * are found by their begin, for each of their few lengths.
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
      return new Lines(
          fingerprint(bytes),
          Caffeine.newBuilder()
              .maximumSize(50_000)
              .executor(Runnable::run)
              .build(userAgent -> first(lines, userAgent)),
          networks,
          networks.keySet().stream().map(Network::bits).distinct().toList());
    }

    private static Optional<Line> first(List<Line> lines, String userAgent) {
      return lines.stream().filter(line -> line.pattern.matcher(userAgent).find()).findFirst();
    }

    /** The first line that says something about one of them. */
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

  /** Empty if no line matches. */
  Optional<BotClass> of(String userAgent, Optional<InetAddress> address) {
    var text = userAgent.length() <= LONGEST ? userAgent : userAgent.substring(0, LONGEST);
    return file.flatMap(found -> found.current().first(text, address)).map(Line::bot);
  }

  /** Names the content of the file. */
  String version() {
    return file.map(found -> found.current().version).orElse("none");
  }
}
