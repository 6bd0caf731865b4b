package clicktide.load;

import java.util.List;
import java.util.Random;

/** User agents that are made to stop the parser. Several threads may share the source. */
final class HostileAgents {
  /** Shapes that made the parser look ahead for a second. */
  private static final List<String> SHAPES =
      List.of("a/", "a/ ", "a/b/", "\"a\"/", "a/1 (", "a/1(b;", "a|", "Mozilla/5.0 (", "Safari/9 ");

  static final String BROWSER =
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%d.0.0.0 Safari/537.36";

  private final Random random = new Random(17);

  /** Draws a long repetition of a shape, or a browser with repeated parts. */
  synchronized String next() {
    return random.nextBoolean() ? shape() : mutation();
  }

  private String shape() {
    var shape = SHAPES.get(random.nextInt(SHAPES.size()));
    return shape.repeat(1 + random.nextInt(500 / shape.length())) + random.nextInt(1_000_000);
  }

  private String mutation() {
    var text = new StringBuilder(BROWSER.formatted(random.nextInt(1_000_000)));
    for (var i = 0; i < 8; i++) {
      var from = random.nextInt(text.length() - 1);
      var part = text.substring(from, Math.min(text.length(), from + 1 + random.nextInt(12)));
      text.insert(random.nextInt(text.length()), part.repeat(random.nextInt(4)));
    }
    return text.toString().strip();
  }
}
