package clicktide.deploy;

import clicktide.deploy.ProseRules.Kind;
import clicktide.deploy.ProseSources.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The comments of a Java file, and its string literals that are sentences. */
final class JavaProse {
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<doc>/\\*\\*(?s:.*?)\\*/)|(?<block>/\\*(?s:.*?)\\*/)"
              + "|(?<lines>//[^\\n]*(?:\\n[ \\t]*//[^\\n]*)*)"
              + "|(?<text>\"\"\"(?s:.*?)\"\"\")"
              + "|(?<string>\"(?:[^\"\\\\\\n]|\\\\.)*\"(?:\\s*\\+\\s*\"(?:[^\"\\\\\\n]|\\\\.)*\")*)"
              + "|'(?:[^'\\\\\\n]|\\\\.)+'");
  private static final Pattern TAG =
      Pattern.compile("\\{@(?:code|literal|link|linkplain|value)\\b(?:[^{}]|\\{[^{}]*\\})*\\}");

  private static final Pattern BLOCK =
      Pattern.compile("</?(?:p|ul|ol|li|pre|table|tr|td|th|h\\d|dl|dt|dd)>");
  private static final Pattern GAP = Pattern.compile("(?<=\\p{L})[.,:;]?\\s+(?=\\S)");

  private JavaProse() {}

  static Stream<Text> comments(String content) {
    return texts(content).filter(text -> text.kind() != Kind.MESSAGE);
  }

  static Stream<Text> messages(String content) {
    return texts(content).filter(text -> text.kind() == Kind.MESSAGE);
  }

  private static Stream<Text> texts(String content) {
    var texts = new ArrayList<Text>();
    var token = TOKEN.matcher(content);
    int line = 1;
    int counted = 0;
    while (token.find()) {
      line +=
          (int) content.substring(counted, token.start()).chars().filter(c -> c == '\n').count();
      counted = token.start();
      if (token.group("doc") != null) {
        texts.addAll(doc(token.group("doc"), line));
      } else if (token.group("block") != null) {
        texts.add(new Text(Kind.COMMENT, line, comment(token.group("block"))));
      } else if (token.group("lines") != null) {
        texts.add(new Text(Kind.COMMENT, line, comment(token.group("lines"))));
      } else if (token.group("string") != null) {
        var words =
            token.group("string").replaceAll("\"\\s*\\+\\s*\"", "").replaceAll("^\"|\"$", "");
        if (isSentence(words)) {
          texts.add(
              new Text(
                  Kind.MESSAGE,
                  line,
                  words.replaceAll("\\{\\}|%\\d*\\$?[sdf,]|\\\\.", ProseRules.CODE)));
        }
      }
    }
    return texts.stream();
  }

  /** The first sentence is the lead, if the comment is not all tags. */
  private static List<Text> doc(String doc, int line) {
    var texts = new ArrayList<Text>();
    var plain =
        TAG.matcher(comment(doc))
            .replaceAll(ProseRules.CODE)
            .replaceFirst("(?s)\\s@(?:param|return|throws|see)\\b.*", "");
    for (var paragraph : BLOCK.split(plain, -1)) {
      for (var sentence : ProseRules.sentences(paragraph.replaceAll("<[^<>]+>", "")).toList()) {
        texts.add(new Text(texts.isEmpty() ? Kind.LEAD : Kind.JAVADOC, line, sentence));
      }
    }
    return texts;
  }

  private static String comment(String comment) {
    return comment
        .replaceAll("^/\\*+|\\*+/$", "")
        .replaceAll("(?m)^[ \\t]*(?://+|\\*)", "")
        .replaceAll("\\s+", " ")
        .strip();
  }

  private static boolean isSentence(String words) {
    return GAP.splitAsStream(words).limit(3).count() == 3
        && !words.matches("(?s).*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|[=<>]\\$).*");
  }
}
