package clicktide.count;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * What clicks may be broken down by (F4). Each is a column of the base rows with the same name; the
 * order is that of the columns and of the stored dimension numbers, so new ones go to the end.
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
  TRAFFIC(visit -> visit.traffic().name().toLowerCase(Locale.ROOT));

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

  private static boolean isLoneSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  /** The name in the API and of the column. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Dimension> named(String key) {
    return Arrays.stream(values()).filter(dimension -> dimension.key().equals(key)).findFirst();
  }

  /** All values of a visit, in the order of this enum. */
  static List<String> allOf(Visit visit) {
    return Arrays.stream(values()).map(dimension -> dimension.of(visit)).toList();
  }
}
