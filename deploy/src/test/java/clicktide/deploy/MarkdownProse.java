package clicktide.deploy;

import clicktide.deploy.ProseRules.Kind;
import clicktide.deploy.ProseSources.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The paragraphs, list items, headings and table cells of a Markdown file; code is left out. */
final class MarkdownProse {
  private final List<Text> texts = new ArrayList<>();
  private final StringBuilder paragraph = new StringBuilder();
  private int begin;

  private MarkdownProse() {}

  static Stream<Text> texts(String content) {
    var prose = new MarkdownProse();
    prose.read(content.lines().toList());
    return prose.texts.stream();
  }

  private void read(List<String> lines) {
    boolean fenced = false;
    boolean listed = false; // indented lines below a list item belong to it
    for (int i = 0; i < lines.size(); i++) {
      var line = lines.get(i);
      var text = line.strip();
      if (text.startsWith("```") || text.startsWith("~~~")) {
        end();
        fenced = !fenced;
      } else {
        boolean isCode = line.startsWith("    ") && !listed && paragraph.isEmpty();
        if (!fenced && !isCode) {
          listed = read(line, text, i + 1, listed);
        }
      }
    }
    end();
  }

  /** Returns whether the next line may belong to a list item. */
  private boolean read(String line, String text, int number, boolean listed) {
    if (text.isEmpty()) {
      end();
      return listed;
    }
    if (text.startsWith("#")) {
      end();
      texts.add(new Text(Kind.CELL, number, visible(text.replaceFirst("^#+\\s*", ""))));
      return false;
    }
    if (text.startsWith("|")) {
      end();
      row(text, number);
      return listed;
    }
    var isItem = text.matches("(?:[-*+]|\\d+\\.)\\s.*");
    if (isItem) {
      end();
    }
    add(isItem ? text.replaceFirst("^\\S+\\s+", "") : text, number);
    return isItem || (listed && line.startsWith(" "));
  }

  private void add(String text, int line) {
    if (paragraph.isEmpty()) {
      begin = line;
    }
    paragraph.append(text).append(' ');
  }

  private void end() {
    if (!paragraph.isEmpty()) {
      texts.add(new Text(Kind.PROSE, begin, visible(paragraph.toString().strip())));
      paragraph.setLength(0);
    }
  }

  private void row(String row, int line) {
    if (row.matches("[|:\\-\\s]+")) {
      return;
    }
    for (var cell : row.substring(1).split("(?<!\\\\)\\|", -1)) {
      var text = visible(cell.strip());
      texts.add(new Text(Kind.WIDTH, line, text.replaceAll("\\\\(.)", "$1")));
      texts.add(new Text(Kind.CELL, line, text));
    }
  }

  /** Without tags, the targets of links and marks of emphasis. */
  private static String visible(String text) {
    return text.replaceAll("<https?:[^>]*>", ProseRules.CODE)
        .replaceAll("<[^<>`]*>", "")
        .replaceAll("!?\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
        .replaceAll("\\*\\*|(?<!\\w)[*_](?=\\w)|(?<=\\w)[*_](?!\\w)", "")
        .strip();
  }
}
