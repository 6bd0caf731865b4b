package clicktide.count;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * The catalogue of what clicks may be broken down by (F4): its name, where its value comes from,
 * and its column in the base rows. The order is that of the columns and of the stored dimension
 * numbers, so a new one is an entry at the end and a migration with its column.
 */
public enum Dimension {
  COUNTRY(visit -> visit.place().country()),
  REGION(visit -> visit.place().region()),
  DEVICE(visit -> visit.agent().device()),
  BROWSER(visit -> visit.agent().browser()),
  OS(visit -> visit.agent().os()),
  REFERRER(Visit::referrer),
  SOURCE(visit -> visit.click().campaign().source()),
  MEDIUM(visit -> visit.click().campaign().medium()),
  CAMPAIGN(visit -> visit.click().campaign().name()),
  VIA(visit -> visit.click().via().name().toLowerCase(Locale.ROOT)),
  TRAFFIC(visit -> visit.traffic().name().toLowerCase(Locale.ROOT)),
  HOST(visit -> withoutPort(visit.click().client().host())),
  STATUS(visit -> Integer.toString(visit.click().target().status())),
  DESTINATION(visit -> visit.click().target().host()),
  BOT(visit -> visit.bot().key());

  private static final int LONGEST_VALUE = 128;

  private final Function<Visit, String> value;

  Dimension(Function<Visit, String> value) {
    this.value = value;
  }

  /** The value of a visit, empty if it has none, at most 128 characters. */
  public String of(Visit visit) {
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
  public static List<String> allOf(Visit visit) {
    return Arrays.stream(values()).map(dimension -> dimension.of(visit)).toList();
  }
}
