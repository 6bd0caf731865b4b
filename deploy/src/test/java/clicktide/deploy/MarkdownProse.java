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
      } else if (fenced || (line.startsWith("    ") && !listed && paragraph.isEmpty())) {
        continue;
      } else if (text.isEmpty()) {
        end();
      } else if (text.startsWith("#")) {
        end();
        texts.add(new Text(Kind.CELL, i + 1, visible(text.replaceFirst("^#+\\s*", ""))));
        listed = false;
      } else if (text.startsWith("|")) {
        end();
        row(text, i + 1);
      } else {
        var item = text.matches("(?:[-*+]|\\d+\\.)\\s.*");
        if (item) {
          end();
        }
        listed = item || (listed && line.startsWith(" "));
        add(item ? text.replaceFirst("^\\S+\\s+", "") : text, i + 1);
      }
    }
    end();
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
