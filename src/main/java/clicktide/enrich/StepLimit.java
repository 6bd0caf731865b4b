package clicktide.enrich;

import java.util.regex.Pattern;

/**
 * A text that limits the steps of a regular expression. Patterns of an operator meet texts that
 * visitors choose, and backtracking could take years. Each step reads a character, so this text
 * counts the characters that are read. Not for several threads.
 */
final class StepLimit implements CharSequence {
  /** About 3 ms. A plain word takes 512 steps in the longest user agent. */
  private static final int MAX_STEPS = 200_000;

  private final String text;
  private int steps;

  private StepLimit(String text) {
    this.text = text;
  }

  /** The end of a search that has taken all steps. */
  static final class Exceeded extends RuntimeException {
    private static final long serialVersionUID = 1;

    private Exceeded() {
      super("The pattern takes too many steps", null, false, false);
    }
  }

  /** Searches for a pattern. Throws {@link Exceeded} if that takes too many steps. */
  static boolean finds(Pattern pattern, String text) {
    return pattern.matcher(new StepLimit(text)).find();
  }

  @Override
  public char charAt(int index) {
    steps++;
    if (steps > MAX_STEPS) {
      throw new Exceeded();
    }
    return text.charAt(index);
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return text.substring(start, end);
  }

  @Override
  public String toString() {
    return text;
  }
}
