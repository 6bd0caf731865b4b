package clicktide.event;

import java.util.Optional;
import java.util.regex.Pattern;

/** An owner, also called tenant: a random positive number, written {@code own_} and base 36. */
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

  @Override
  public String toString() {
    return "own_" + Long.toString(number, 36);
  }
}
