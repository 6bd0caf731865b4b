package clicktide.enrich;

/**
 * The structure of a user agent, which bounds the time of its parser. The parser looks ahead over
 * all products that follow, so its time grows with the cube of their number: 250 slashes take more
 * than a second. The limits admit the user agents of browsers, applications and television sets. A
 * search for slow texts within them found none above half a second. One pass over the text.
 */
final class AgentStructure {
  private static final int MAX_WORDS = 40;
  private static final int MAX_SLASHES = 20;
  private static final int MAX_SIGNS = 6;
  private static final int MAX_DEPTH = 4;
  private static final int MAX_UNCLOSED = 1;
  private static final int MAX_SLASHES_OF_A_WORD = 3;
  private static final int MAX_SLASHES_OF_AN_ADDRESS = 8; // of a crawler, in brackets

  private int depth;
  private int words;
  private int slashes;
  private int signs;
  private int slashesOfWord;
  private boolean isInWord;

  private AgentStructure() {}

  /** Returns true if the text may be parsed. */
  static boolean isParsable(String userAgent) {
    var structure = new AgentStructure();
    for (var i = 0; i < userAgent.length(); i++) {
      structure.take(userAgent.charAt(i));
      if (structure.isTooDeep()) {
        return false;
      }
    }
    return structure.words <= MAX_WORDS
        && structure.slashes <= MAX_SLASHES
        && structure.signs <= MAX_SIGNS
        && structure.depth <= MAX_UNCLOSED;
  }

  private void take(char next) {
    switch (next) {
      case '(', '[', '{' -> {
        depth++;
        endWord();
      }
      case ')', ']', '}' -> {
        depth = Math.max(0, depth - 1);
        endWord();
      }
      case ' ', ';', ',' -> endWord();
      case '|', '"', '@', '<', '>', '+', '`' -> {
        signs++;
        endWord();
      }
      case '/' -> {
        slashes++;
        slashesOfWord++;
        isInWord = true;
      }
      default -> {
        words += isInWord ? 0 : 1;
        isInWord = true;
      }
    }
  }

  private void endWord() {
    isInWord = false;
    slashesOfWord = 0;
  }

  private boolean isTooDeep() {
    return depth > MAX_DEPTH
        || slashesOfWord > (depth == 0 ? MAX_SLASHES_OF_A_WORD : MAX_SLASHES_OF_AN_ADDRESS);
  }
}
