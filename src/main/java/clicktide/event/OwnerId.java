package clicktide.event;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An owner, also called tenant: a random positive number, written {@code own_} and base 36. What is
 * counted for an owner, but in no sum of all of its links, has its number below zero.
 */
public record OwnerId(long number) {
  private static final Pattern TEXT = Pattern.compile("own_[0-9a-z]{1,13}");

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

  public OwnerId aside() {
    return new OwnerId(-number);
  }

  @Override
  public String toString() {
    return "own_" + Long.toString(number, 36);
  }
}
