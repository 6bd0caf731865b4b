package clicktide.event;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The number of an owner, written {@code own_} and base 36. A new owner gets a random positive
 * number. The same number below zero marks counts of the owner that are in none of its totals:
 * requests for the root path and for unknown names of its domains.
 */
public record OwnerId(long number) {
  private static final Pattern TEXT = Pattern.compile("own_[0-9a-z]{1,13}");

  /** Returns the id of a text, empty if the text is not exactly one. */
  public static Optional<OwnerId> parse(String text) {
    if (!TEXT.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new OwnerId(Long.parseLong(text.substring(4), 36)))
          .filter(id -> id.toString().equals(text));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  /** Returns the id under which an owner's counts are kept that are in none of its totals. */
  public OwnerId outsideTotals() {
    return new OwnerId(-number);
  }

  @Override
  public String toString() {
    return "own_" + Long.toString(number, 36);
  }
}
