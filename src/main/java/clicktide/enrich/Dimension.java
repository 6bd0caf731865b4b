package clicktide.enrich;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * The catalogue of dimensions that clicks are counted by (F4). A dimension has a permanent id, a
 * source of its value, a bound for the number of values, and a column in the base rows. No
 * dimension is on the hot path, because the last hour is counted by link alone. A new dimension is
 * one entry with the next free id and a migration that adds its column. An id is stored in the
 * dictionary and is never used again.
 */
public enum Dimension {
  COUNTRY(0, Values.CLOSED, click -> click.location().country()),
  REGION(1, Values.CLOSED, click -> click.location().region()),
  DEVICE(2, Values.CLOSED, click -> click.agent().device()),
  BROWSER(3, Values.OPEN, click -> click.agent().browser()),
  OS(4, Values.OPEN, click -> click.agent().os()),
  REFERRER(5, Values.OPEN, EnrichedClick::referrer),
  SOURCE(6, Values.OPEN, click -> click.click().campaign().source()),
  MEDIUM(7, Values.OPEN, click -> click.click().campaign().medium()),
  CAMPAIGN(8, Values.OPEN, click -> click.click().campaign().name()),
  VIA(9, Values.CLOSED, click -> click.click().via().name().toLowerCase(Locale.ROOT)),
  TRAFFIC(10, Values.CLOSED, click -> click.traffic().name().toLowerCase(Locale.ROOT)),
  HOST(11, Values.OPEN, click -> withoutPort(click.click().client().host())),
  STATUS(12, Values.CLOSED, click -> Integer.toString(click.click().target().status())),
  DESTINATION(13, Values.OPEN, click -> click.click().target().host()),
  BOT(14, Values.CLOSED, click -> click.bot().key()),
  RULES(15, Values.CLOSED, EnrichedClick::rules);

  /** The dimensions with values that senders choose. */
  public static final List<Dimension> OPEN =
      Arrays.stream(values()).filter(dimension -> dimension.values == Values.OPEN).toList();

  /** The value that replaces all values above the bound of an open dimension. */
  public static final String OTHER = "__other__";

  /** How many values a dimension may have. */
  private enum Values {
    /** A published list. */
    CLOSED,
    /** Any text of a sender, hence bounded for each link and day. */
    OPEN
  }

  private static final int LONGEST_VALUE = 128;

  private final int id;
  private final Values values;
  private final Function<EnrichedClick, String> value;

  Dimension(int id, Values values, Function<EnrichedClick, String> value) {
    this.id = id;
    this.values = values;
    this.value = value;
  }

  /** Returns the permanent id that the stores keep. */
  public int id() {
    return id;
  }

  /** Returns the dimension with a stored id. */
  public static Optional<Dimension> withId(int id) {
    return Arrays.stream(values()).filter(dimension -> dimension.id == id).findFirst();
  }

  /** Returns the position in {@link #allOf}. Unlike the id it is never stored. */
  @SuppressWarnings("EnumOrdinal") // the list has the order of this enum
  public int index() {
    return ordinal();
  }

  /** Returns the value of a click, empty if it has none, at most 128 characters. */
  public String of(EnrichedClick click) {
    var text = value.apply(click);
    return isStorable(text) ? text : storable(text);
  }

  /** Most values are: this is much cheaper than a copy. */
  private static boolean isStorable(String text) {
    if (text.length() > LONGEST_VALUE) {
      return false;
    }
    for (var i = 0; i < text.length(); i++) {
      if (isRefused(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static String storable(String text) {
    return text.codePoints()
        .filter(c -> !isRefused(c))
        .limit(LONGEST_VALUE)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static String withoutPort(String host) {
    return host.toLowerCase(Locale.ROOT).replaceFirst(":[0-9]*$", "");
  }

  /** Stores refuse control characters and lone surrogates. */
  private static boolean isRefused(int codePoint) {
    return Character.isISOControl(codePoint)
        || (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE);
  }

  /** Returns the name in the API. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the column of the base rows. */
  public String column() {
    return this == BOT ? "bot_class" : key(); // the column bot counts the clicks of bots
  }

  /** Returns the dimension with a name of the API. */
  public static Optional<Dimension> named(String key) {
    return Arrays.stream(values()).filter(dimension -> dimension.key().equals(key)).findFirst();
  }

  /** Returns all values of a click, in the order of this enum. */
  public static List<String> allOf(EnrichedClick click) {
    return Arrays.stream(values()).map(dimension -> dimension.of(click)).toList();
  }
}
