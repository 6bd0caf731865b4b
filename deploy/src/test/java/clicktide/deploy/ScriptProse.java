package clicktide.deploy;

import clicktide.deploy.ProseRules.Kind;
import clicktide.deploy.ProseSources.Text;
import java.util.ArrayList;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The comments and texts of the dashboard's scripts and pages. */
final class ScriptProse {
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<block>/\\*(?s:.*?)\\*/)"
              + "|(?<lines>//[^\\n]*(?:\\n[ \\t]*//[^\\n]*)*)"
              + "|(?<string>'(?:[^'\\\\\\n]|\\\\.)*'|\"(?:[^\"\\\\\\n]|\\\\.)*\"|`(?:[^`\\\\]|\\\\.)*`)"
              + "|(?<=[(,=:\\[!&|?{};]|return)\\s*/(?![/*])(?:[^/\\\\\\n\\[]|\\\\.|\\[(?:[^\\]\\\\\\n]|\\\\.)*\\])+/[a-z]*");
  private static final Pattern SEEN =
      Pattern.compile(
          "(?:alt|title|placeholder|aria-label|content)=\"(?<attribute>[^\"]*)\"|>(?<text>[^<>]+)<");

  private ScriptProse() {}

  static Stream<Text> texts(String content) {
    var texts = new ArrayList<Text>();
    var token = TOKEN.matcher(content);
    while (token.find()) {
      var line = line(content, token.start());
      if (token.group("string") != null) {
        var words =
            token
                .group("string")
                .replaceAll("^.|.$", "")
                .replaceAll("\\$\\{[^{}]*(?:\\{[^{}]*\\}[^{}]*)*\\}", ProseRules.CODE)
                .replaceAll("\\\\(.)", "$1");
        if (words.contains(" ") || words.matches("\\p{Lu}.*")) {
          texts.add(new Text(Kind.LABEL, line, words));
        }
      } else if (token.group("block") != null || token.group("lines") != null) {
        var words =
            token
                .group()
                .replaceAll("^/\\*+|\\*+/$", "")
                .replaceAll("(?m)^[ \\t]*(?://+|\\*)", "")
                .replaceAll("\\s+", " ")
                .strip();
        texts.add(new Text(Kind.COMMENT, line, words));
      }
    }
    return texts.stream();
  }

  static Stream<Text> pageTexts(String content) {
    var texts = new ArrayList<Text>();
    var seen = SEEN.matcher(content);
    while (seen.find()) {
      var words = seen.group("attribute") != null ? seen.group("attribute") : seen.group("text");
      if (!words.isBlank()) {
        texts.add(
            new Text(
                Kind.LABEL, line(content, seen.start()), words.replaceAll("\\s+", " ").strip()));
      }
    }
    return texts.stream();
  }

  private static int line(String content, int at) {
    return 1 + (int) content.substring(0, at).chars().filter(c -> c == '\n').count();
  }
}
