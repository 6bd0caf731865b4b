package clicktide.enrich;

import clicktide.count.BotClass;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An operator's own rules about user agents, which go before all others and may be replaced at any
 * time. A line is a class of {@link BotClass} (or {@code none}: people), a blank, and a regular
 * expression that is looked for without regard to case; the first line that matches decides. Empty
 * lines and those that begin with {@code #} say nothing.
 */
public final class BotPatterns {
  /** No rules. */
  public static final BotPatterns NONE = new BotPatterns(Optional.empty());

  private static final int LONGEST = 512; // of a user agent

  private final Optional<OperatorFile<Lines>> file;

  private BotPatterns(Optional<OperatorFile<Lines>> file) {
    this.file = file;
  }

  /** {@link IllegalArgumentException} names the line that is none. */
  public static BotPatterns read(Path file, InstantSource clock) throws IOException {
    return new BotPatterns(Optional.of(new OperatorFile<>(file, Lines::read, clock)));
  }

  private record Line(BotClass bot, Pattern pattern) {
    private static Line of(int number, String text) {
      var words = text.split("\\s+", 2);
      var bot = Arrays.stream(BotClass.values()).filter(one -> named(one, words[0])).findFirst();
      try {
        if (bot.isPresent() && words.length == 2) {
          return new Line(bot.get(), Pattern.compile(words[1], Pattern.CASE_INSENSITIVE));
        }
      } catch (IllegalArgumentException _) {
        // no regular expression: the same mistake as no class
      }
      throw new IllegalArgumentException(
          "line %d is not a class of machine and a regular expression: %s".formatted(number, text));
    }

    private static boolean named(BotClass bot, String word) {
      return bot.name().equalsIgnoreCase(word);
    }
  }

  /** A file as it was once; what it said of a user agent is remembered. */
  private record Lines(
      List<Line> lines, String version, LoadingCache<String, Optional<BotClass>> remembered) {
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
      return new Lines(
          lines,
          fingerprint(bytes),
          Caffeine.newBuilder()
              .maximumSize(50_000)
              .executor(Runnable::run)
              .build(userAgent -> first(lines, userAgent)));
    }

    private static Optional<BotClass> first(List<Line> lines, String userAgent) {
      return lines.stream()
          .filter(line -> line.pattern.matcher(userAgent).find())
          .findFirst()
          .map(Line::bot);
    }

    private static String fingerprint(byte[] bytes) {
      try {
        var hash = MessageDigest.getInstance("SHA-256").digest(bytes);
        return HexFormat.of().formatHex(hash, 0, 4);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }
  }

  /** Empty if no line matches. */
  Optional<BotClass> of(String userAgent) {
    return file.flatMap(
        found ->
            found
                .current()
                .remembered
                .get(userAgent.length() <= LONGEST ? userAgent : userAgent.substring(0, LONGEST)));
  }

  /** Names the content of the file. */
  String version() {
    return file.map(found -> found.current().version).orElse("none");
  }
}
