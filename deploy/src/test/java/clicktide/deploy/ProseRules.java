package clicktide.deploy;

import static clicktide.deploy.ProseRules.Kind.COMMENT;
import static clicktide.deploy.ProseRules.Kind.LABEL;
import static clicktide.deploy.ProseRules.Kind.LEAD;
import static clicktide.deploy.ProseRules.Kind.MESSAGE;
import static clicktide.deploy.ProseRules.Kind.PROSE;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The language rules of CONTRIBUTING.md that a regular expression can check, one sentence at a
 * time. Code in a sentence has been replaced by {@link #CODE}.
 */
final class ProseRules {
  static final String CODE = "§";

  /** The place of a sentence; some rules hold for some places only. */
  enum Kind {
    PROSE, // Markdown paragraphs and list items, descriptions of the API
    CELL, // headings and table cells
    LEAD, // the first sentence of a doc comment
    JAVADOC, // its other sentences
    COMMENT,
    MESSAGE, // string literals of Java that are sentences
    LABEL, // texts of the dashboard
    WIDTH // a table cell as it is seen, in one piece
  }

  record Rule(int id, Set<Kind> kinds, Pattern pattern, String advice) {
    boolean rejects(Kind kind, String sentence) {
      return kinds.contains(kind) && pattern.matcher(sentence).find();
    }
  }

  private static final Set<Kind> ALL = EnumSet.complementOf(EnumSet.of(Kind.WIDTH));
  private static final Set<Kind> SHOWN = EnumSet.of(MESSAGE, LABEL);

  static final List<Rule> RULES =
      List.of(
          // The subject of a sentence is a named noun.
          rule(
              1,
              ALL,
              "^\\W*(?:What|Who|Whoever|Whose|Whether|That which)\\b(?!.*\\?\\W*$)",
              "begin with a noun or a verb"),
          rule(
              1,
              EnumSet.of(LEAD, COMMENT),
              "^(?:what|who|whether)\\b(?!.*\\?$)",
              "begin with a noun or a verb"),
          rule(
              1,
              ALL,
              "(?i)\\b(?:whoever|whomever|that which|those who|he who)\\b",
              "name the subject"),
          rule(
              1,
              ALL,
              "(?i)\\b(?:some|any|no|every)body\\b",
              "name the subject: a caller, a node, an owner"),
          rule(
              1,
              ALL,
              "(?:[;(] |\\()who\\b|\\b(?:by|to|of|for|from|with|lead|leads) who\\b",
              "name the subject, not who"),
          rule(
              1,
              ALL,
              "\\bwho (?:asks|counts|needs|mends|wants|knows|may)\\b",
              "name the subject, not who"),
          rule(
              1,
              ALL,
              "(?:[;(] ?|, (?:and|so|but) |\\bSo )what (?!if\\b)\\w+",
              "name the subject, not what"),
          rule(
              1,
              ALL,
              "\\b(?:is|are|was|were|be)(?: not)? what\\b|\\bafter what it is\\b",
              "name the thing, not what"),
          rule(1, ALL, "(?i)\\beach of it\\b", "name the thing, not it"),
          rule(
              1,
              SHOWN,
              "^(?:It|They|Those|These|Each|One)\\b(?!')",
              "begin with the field or the thing"),
          rule(
              1,
              EnumSet.of(MESSAGE),
              "^(?:This|That) ",
              "say which: the text is read without the request"),
          rule(
              1,
              EnumSet.of(MESSAGE),
              "^An? (?!.*\\b(?:must|cannot|can|may|is required)\\b).*\\.$",
              "`field` must …, `field` cannot …, `x` is required"),
          // One main clause, at most 25 words.
          rule(
              3,
              EnumSet.of(PROSE, LEAD, MESSAGE, LABEL),
              "(?:\\S++(?<!:)\\s++){25}\\S",
              "at most 25 words"),
          rule(3, ALL, "(?i), too(?:[.,;:)]|$)", "write also, or a second sentence"),
          rule(3, ALL, "^\\(.+[.!?]\\)$", "a sentence without brackets"),
          rule(3, ALL, "\\((?:[^\\s()]++\\s++){12}[^()]*\\)", "a second sentence, not a bracket"),
          rule(3, ALL, "(?:\\([^()]*\\)[^()]*){4}", "at most three brackets in a sentence"),
          rule(3, ALL, "\\((?:without|with): ", "a second sentence, not a bracket"),
          // A number has a unit, a range and a default; 0 disables.
          rule(
              5,
              ALL,
              "(?<![\\d.:,])0: |\\bso (?:many|much)\\b(?! (?:that|as)\\b)",
              "name the number; 0 disables"),
          // No metaphors.
          rule(
              6,
              ALL,
              "(?i)\\b(?:house|houses|mend|mends|mended|mending)\\b",
              "say project, repair, correct"),
          rule(
              6,
              ALL,
              "(?i)\\b(?:hears?|heard|goodbye|farewell)\\b",
              "say received, reported, last heartbeat"),
          rule(6, ALL, "(?i)\\b(?:books|belts?|aside)\\b", "say ledger, check, separately"),
          rule(6, ALL, "(?i)\\baway\\b", "say unavailable, removed, deleted"),
          rule(
              6,
              ALL,
              "(?i)(?<!\\b(?:fall|falls|fell|fallen|lag|lags|left) )\\bbehind\\b(?! (?:\\w+ )*(?:prox(?:y|ies)|balancers?)\\b)",
              "say after; behind is for a proxy"),
          rule(
              6,
              ALL,
              "(?i)\\bpeople(?:'s)?\\b|(?<!\\b(?:virtual|state) )\\bmachines?\\b",
              "say humans, bots; or host"),
          rule(
              6, ALL, "(?i)\\bsixteen hands\\b|\\ba good memory\\b|\\bby heart\\b", "no metaphors"),
          // A table cell has at most 120 characters.
          rule(
              8,
              EnumSet.of(Kind.WIDTH),
              "^.{121,}",
              "at most 120 characters; more is a paragraph below the table"),
          // The dashboard uses the words of the field.
          rule(
              9,
              EnumSet.of(LABEL),
              "^A second\\b|\\bcounted through\\b|\\bMake the link\\b",
              "Clicks/s, Updated 2 s ago, Create link"));

  private ProseRules() {}

  private static Rule rule(int id, Set<Kind> kinds, String pattern, String advice) {
    return new Rule(id, kinds, Pattern.compile(pattern), advice);
  }

  /** The rules that the text breaks; the text may be several sentences. */
  static Stream<Rule> broken(Kind kind, String text) {
    return (kind == Kind.WIDTH ? Stream.of(text) : sentences(text))
        .flatMap(one -> brokenBy(kind, one));
  }

  static Stream<Rule> brokenBy(Kind kind, String sentence) {
    return RULES.stream().filter(rule -> rule.rejects(kind, sentence));
  }

  private static final Pattern CODE_SPAN = Pattern.compile("(`+)(?:(?!\\1).)+\\1");
  private static final Pattern END =
      Pattern.compile(
          "(?<=[.!?…][)\"”']?)(?<!\\b(?:e\\.g|i\\.e|etc|vs|cf|approx)\\.)\\s+(?=[\\p{Lu}\\d(\"“…§])");

  static Stream<String> sentences(String text) {
    var plain = CODE_SPAN.matcher(text).replaceAll(CODE);
    return Stream.of(END.split(plain))
        .map(
            one ->
                one.replaceAll("(?<=\\s|^)[^\\p{L}\\p{N}§\\s(]+(?=\\s|$)", " ")
                    .replaceAll("\\s+", " ")
                    .strip())
        .filter(one -> !one.isEmpty());
  }
}
