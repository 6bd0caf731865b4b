package clicktide.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of an SQL statement whose parameters have names: {@code WHERE owner = :owner}. The text
 * is translated once, into a constant; {@link #with} begins a call, of the Vert.x client or of
 * JDBC. Names consist of lower-case letters, digits and underscores. Comments are not sent. A type
 * that PostgreSQL cannot infer is a cast: {@code :from::timestamptz}. Immutable.
 */
public final class NamedSql {
  /** Literals, comments and casts hold colons that name nothing. */
  private static final Pattern TOKEN = Pattern.compile("'[^']*'|--[^\\n]*|::|:([a-z][a-z0-9_]*)");

  private final String text;
  private final String jdbcText;
  private final List<String> names;
  private final List<String> occurrences;

  private NamedSql(String text, String jdbcText, List<String> names, List<String> occurrences) {
    this.text = text;
    this.jdbcText = jdbcText;
    this.names = names;
    this.occurrences = occurrences;
  }

  /** Translates a text; the same name may appear several times. */
  public static NamedSql of(String sql) {
    var occurrences = new ArrayList<String>();
    var jdbcText =
        replace(
            sql,
            name -> {
              occurrences.add(name);
              return "?";
            });
    var names = occurrences.stream().distinct().toList();
    var text = replace(sql, name -> "$" + (names.indexOf(name) + 1));
    return new NamedSql(text, jdbcText, names, List.copyOf(occurrences));
  }

  private static String replace(String sql, UnaryOperator<String> placeholder) {
    return TOKEN
        .matcher(sql)
        .replaceAll(
            found -> {
              var token = found.group();
              var name = found.group(1);
              return Matcher.quoteReplacement(
                  name != null ? placeholder.apply(name) : token.startsWith("--") ? "" : token);
            });
  }

  /** Begins a call without parameters. */
  public SqlStatement call() {
    return new SqlStatement(this);
  }

  /** Begins a call with the value of one parameter. */
  public SqlStatement with(String name, Object value) {
    return call().with(name, value);
  }

  /** Returns the text for PostgreSQL's protocol, with {@code $1}, {@code $2} and so on. */
  String text() {
    return text;
  }

  /** Returns the text for JDBC, with a {@code ?} for each occurrence of a name. */
  String jdbcText() {
    return jdbcText;
  }

  /** Returns the names in the order of their numbers. */
  List<String> names() {
    return names;
  }

  /** Returns the name of each {@code ?} of the text for JDBC. */
  List<String> occurrences() {
    return occurrences;
  }
}
