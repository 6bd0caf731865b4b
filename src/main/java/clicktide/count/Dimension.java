package clicktide.count;

import clicktide.enrich.EnrichedClick;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * The catalogue of what clicks may be broken down by (F4): its name, where its value comes from,
 * how many values there may be, and its column in the base rows. None is in the hot path: the last
 * hour is counted by link alone. The order is that of the columns and of the stored dimension
 * numbers, so a new one is an entry at the end and a migration with its column.
 */
public enum Dimension {
  COUNTRY(Values.CLOSED, visit -> visit.place().country()),
  REGION(Values.CLOSED, visit -> visit.place().region()),
  DEVICE(Values.CLOSED, visit -> visit.agent().device()),
  BROWSER(Values.OPEN, visit -> visit.agent().browser()),
  OS(Values.OPEN, visit -> visit.agent().os()),
  REFERRER(Values.OPEN, EnrichedClick::referrer),
  SOURCE(Values.OPEN, visit -> visit.click().campaign().source()),
  MEDIUM(Values.OPEN, visit -> visit.click().campaign().medium()),
  CAMPAIGN(Values.OPEN, visit -> visit.click().campaign().name()),
  VIA(Values.CLOSED, visit -> visit.click().via().name().toLowerCase(Locale.ROOT)),
  TRAFFIC(Values.CLOSED, visit -> visit.traffic().name().toLowerCase(Locale.ROOT)),
  HOST(Values.OPEN, visit -> withoutPort(visit.click().client().host())),
  STATUS(Values.CLOSED, visit -> Integer.toString(visit.click().target().status())),
  DESTINATION(Values.OPEN, visit -> visit.click().target().host()),
  BOT(Values.CLOSED, visit -> visit.bot().key()),
  RULES(Values.CLOSED, EnrichedClick::rules);

  /** Those whose values senders think of. */
  public static final List<Dimension> OPEN =
      Arrays.stream(values()).filter(dimension -> dimension.values == Values.OPEN).toList();

  /** The value of all that an open dimension has too many of. */
  public static final String OTHER = "__other__";

  /** How many values a dimension may have. */
  private enum Values {
    /** A list that somebody keeps. */
    CLOSED,
    /** Whatever senders think of, hence bounded for each link and day. */
    OPEN
  }

  private static final int LONGEST_VALUE = 128;

  private final Values values;
  private final Function<EnrichedClick, String> value;

  Dimension(Values values, Function<EnrichedClick, String> value) {
    this.values = values;
    this.value = value;
  }

  /** The value of a visit, empty if it has none, at most 128 characters. */
  public String of(EnrichedClick visit) {
    return value
        .apply(visit)
        .codePoints()
        .filter(c -> !Character.isISOControl(c) && !isLoneSurrogate(c)) // no store takes these
        .limit(LONGEST_VALUE)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static String withoutPort(String host) {
    return host.toLowerCase(Locale.ROOT).replaceFirst(":[0-9]*$", "");
  }

  private static boolean isLoneSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  /** The name in the API. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The column of the base rows. */
  public String column() {
    return this == BOT ? "bot_class" : key(); // bot is the number of clicks of machines
  }

  public static Optional<Dimension> named(String key) {
    return Arrays.stream(values()).filter(dimension -> dimension.key().equals(key)).findFirst();
  }

  /** All values of a visit, in the order of this enum. */
  public static List<String> allOf(EnrichedClick visit) {
    return Arrays.stream(values()).map(dimension -> dimension.of(visit)).toList();
  }
}
